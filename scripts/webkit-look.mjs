/**
 * Opens the built app (or any address of it) in WebKit, loads the LeNet template and takes a picture: a look at the engine
 * of Safari on a machine without a Mac. It needs Debian's packages webkit2gtk-driver and xvfb.
 *
 *     node scripts/webkit-look.mjs [--url http://localhost:5173] [--out picture.png]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';
import { servePreview } from './preview.mjs';
import { openApp } from './webkit-app.mjs';
import { getWebKit } from './webkit.mjs';

const { values } = parseArgs({ options: { url: { type: 'string' }, out: { type: 'string' } } });
const out = values.out ?? join(root, 'e2e', 'screenshots', 'webkit.png');
const server = values.url ? undefined : await servePreview();
try {
  const app = await openApp(getWebKit(), values.url ?? server.url);
  try {
    console.log(`WebKitGTK ${app.version}`);
    await app.loadTemplate('LeNet (MNIST)');
    await app.shows('the parameters are counted', '[data-testid="project-facts"]', /585,958/, 20);
    console.log(await app.facts());
    await app.run(
      'return Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => true);',
    );
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, await app.screenshot());
    console.log(relative(process.cwd(), out));
  } finally {
    await app.close();
  }
} finally {
  await server?.close();
}
