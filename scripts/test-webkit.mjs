/**
 * `npm run test:webkit`: the built app in WebKit, the engine of every browser on an iPad. It loads LeNet, trains it on the
 * single-thread engine, pauses and resumes, exports, and opens the file again, which the independent reader of
 * e2e/reference reads too. With `--install` it gets Debian's packages where it is root. Its last line is "N passed, N failed".
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './install.mjs';
import { servePreview } from './preview.mjs';
import { withSources } from './sources.mjs';
import { watchPage } from './watchPage.mjs';
import { openApp } from './webkit-app.mjs';
import { getWebKit, until } from './webkit.mjs';

const picture = join(root, 'test-results', 'webkit.png');
const STATUS = '[role="status"][aria-label="Training status"]';
/** Images of the test set that the saved file is computed on. */
const DIGITS = 300;

/** The smallest WebAssembly module that holds a vector: a function that drops one. In the order of the specification. */
const simdModule = [
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 4, 1, 96, 0, 0],
  ...[3, 2, 1, 0],
  ...[10, 23, 1, 21, 0, 253, 12, ...Array(16).fill(0), 26, 11],
];

/** Waits for a file of that kind in a folder. It is whole when it has stopped to grow. @returns its path. */
async function savedFile(folder, extension) {
  let before = 0;
  const whole = async () => {
    const name = readdirSync(folder).find((one) => one.endsWith(extension));
    const size = name ? statSync(join(folder, name)).size : 0;
    const grows = size !== before;
    before = size;
    return size === 0 || grows ? undefined : name;
  };
  return join(folder, await until('a file is saved', 60, whole));
}

/** The steps of the journey in order; one that fails ends it, and those after it count as failed. */
function journey(app, reference, incidents) {
  let shown = 0;
  let saved = '';
  return {
    'the app opens on an engine that has the SIMD of WebAssembly': async () => {
      const { simd, gpu, shared } = await app.run(
        `return { gpu: 'gpu' in navigator, shared: typeof SharedArrayBuffer === 'function',
           simd: WebAssembly.validate(new Uint8Array([${simdModule}])) };`,
      );
      console.log(`  WebKitGTK ${app.version}, SIMD ${simd}, WebGPU ${gpu}, shared memory ${shared}`);
      if (!simd) throw new Error('It has none.');
    },
    'the template LeNet (MNIST) is loaded': async () => {
      await app.loadTemplate('LeNet (MNIST)');
      await app.shows('585,958 parameters', '[data-testid="project-facts"]', /585,958 parameters/, 20);
    },
    'it trains on the single-thread WebAssembly engine': async () => {
      await app.setTraining({ Epochs: 2, 'Training images': 12_800 });
      await app.tap('Train here');
      const pattern = /^WebAssembly · 1 thread · [\d,]+ images\/s/;
      console.log(`  ${await app.shows('the engine', '[data-testid="engine"]', pattern, 60)}`);
    },
    'a run pauses and resumes': async () => {
      await app.tap('Pause');
      await app.shows('it is paused', STATUS, /Paused/, 20);
      await app.tap('Resume');
      await app.shows('it goes on', STATUS, /Epoch \d of 2|Finished/, 20);
    },
    'it learns to read digits': async () => {
      const text = await app.shows('the run ends', STATUS, /Finished|problem/, 120);
      shown = Number(/Finished\. Test accuracy (\d\.\d{4})/.exec(text)?.[1]);
      console.log(`  ${text}`);
      if (!(shown > 0.93)) throw new Error(`The test accuracy is ${shown}; more than 0.93 was expected.`);
    },
    'the trained network is exported, and the file computes what the app showed': async () => {
      await app.tap('Export');
      await app.find('input[type="radio"]', 'Core ML (.mlmodel)');
      await app.tap('Save', 'button:enabled');
      saved = await savedFile(app.downloads, '.mlmodel');
      const model = reference.readModel(readFileSync(saved));
      const violations = reference.checkRules(model);
      if (violations.length > 0) throw new Error(`It breaks rules: ${JSON.stringify(violations)}`);
      if (!model.isUpdatable) throw new Error('It is not updatable.');
      const accuracy = accuracyOf(model, reference);
      console.log(`  ${accuracy.toFixed(4)} on the first ${DIGITS} test images`);
      // Four standard deviations of the share among so many images.
      const spread = 4 * Math.sqrt((shown * (1 - shown)) / DIGITS);
      if (Math.abs(accuracy - shown) > spread)
        throw new Error(`It reads ${accuracy} of the digits; the app showed ${shown}.`);
    },
    'the file opens again and has the test accuracy that was shown': async () => {
      await app.choose(await app.run(`return document.querySelector('input[type="file"]');`), saved);
      await app.tap('Open');
      await app.tap('Evaluate');
      const text = await app.shows('it is evaluated', STATUS, /Test accuracy \d\.\d{4}|problem/, 60);
      const again = Number(/Test accuracy (\d\.\d{4})/.exec(text)?.[1]);
      if (again !== shown) throw new Error(`Its test accuracy is ${again}; the app showed ${shown}.`);
    },
    'nothing went wrong in the page or its workers, and what does is noticed': async () => {
      if (incidents.length > 0) throw new Error(incidents.join('; '));
      await app.run(`console.error('on purpose');`);
      await until('an error is noticed', 20, () => incidents[0]);
    },
  };
}

function accuracyOf(model, { argmax, runModel, testDigits }) {
  const digits = testDigits();
  let correct = 0;
  for (let i = 0; i < DIGITS; i++) {
    const [output] = Object.values(
      runModel(
        model,
        Float32Array.from(digits.image(i), (byte) => byte / 255),
      ).outputs,
    );
    if (argmax(output) === digits.label(i)) correct++;
  }
  return correct / DIGITS;
}

/** The reader of Core ML files and the test images, in TypeScript as the end-to-end tests have them. */
const loadReference = () =>
  withSources(async (load) => ({
    ...(await load('/e2e/reference/index.ts')),
    ...(await load('/e2e/mnist.ts')),
  }));

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function testWebKit({ install = false } = {}) {
  const binary = getWebKit({ install });
  const reference = await loadReference();
  const { plugin, incidents } = watchPage();
  const server = await servePreview([plugin]);
  let app;
  let passed = 0;
  try {
    app = await openApp(binary, server.url);
    const steps = Object.entries(journey(app, reference, incidents));
    for (const [name, step] of steps) {
      try {
        await step();
      } catch (error) {
        console.error(`  ✘ ${name}: ${error.message}`);
        mkdirSync(join(root, 'test-results'), { recursive: true });
        writeFileSync(picture, await app.screenshot());
        break;
      }
      console.log(`  ✓ ${name}`);
      passed++;
    }
    return { passed, failed: steps.length - passed };
  } finally {
    await app?.close();
    await server.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { passed, failed } = await testWebKit({ install: process.argv.includes('--install') });
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}
