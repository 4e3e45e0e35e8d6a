/**
 * A plugin of the preview server that hears what goes wrong in the pages it serves and in their workers, from their first
 * line on, for browsers whose driver does not tell: uncaught errors, refused promises, what the page's policy refuses,
 * whatever reaches the console as an error, and requests that the server cannot answer.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './install.mjs';

const SCRIPT = '/watch-page.js';
const REPORTS = '/watch-page-reports';

/** That a ResizeObserver goes on in the next frame is a notice, not an error. */
const script = `(() => {
  const report = (body) => void fetch('${REPORTS}', { method: 'POST', body, keepalive: true });
  addEventListener('error', ({ message }) => {
    if (!message.startsWith('ResizeObserver loop')) report('uncaught ' + message);
  });
  addEventListener('unhandledrejection', ({ reason }) => report('refused promise: ' + reason));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    report('against the policy ' + effectiveDirective + ': ' + blockedURI));
  const { error } = console;
  console.error = (...parts) => {
    report('console: ' + parts.join(' '));
    error(...parts);
  };
})();`;

/** What is served in place of a built file, or undefined where that stays as it is. */
async function watched(path) {
  const built = (file) => readFile(join(root, 'dist', file), 'utf8');
  if (path === '/')
    return [
      'text/html',
      (await built('index.html')).replace('<script', `<script src="${SCRIPT}"></script>$&`),
    ];
  if (/^\/assets\/worker-[\w-]+\.js$/.test(path))
    return ['text/javascript', `import '${SCRIPT}';\n${await built(path)}`];
  return path === SCRIPT ? ['text/javascript', script] : undefined;
}

/** @returns the plugin, and `incidents`: everything that went wrong so far, in words. */
export function watchPage() {
  const incidents = [];
  const plugin = {
    name: 'watch-page',
    configurePreviewServer({ config, middlewares }) {
      middlewares.use(async (request, response, next) => {
        const { pathname } = new URL(request.url, 'http://localhost');
        response.on('finish', () => {
          if (response.statusCode >= 400) incidents.push(`${response.statusCode} for ${pathname}`);
        });
        if (pathname === REPORTS) {
          incidents.push(await text(request));
          response.writeHead(204).end();
          return;
        }
        const instead = await watched(pathname).catch(() => undefined);
        if (!instead) return next();
        const [type, body] = instead;
        response.writeHead(200, { ...config.preview.headers, 'Content-Type': type }).end(body);
      });
    },
  };
  return { plugin, incidents };
}
