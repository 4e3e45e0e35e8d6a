/** The app in WebKit as a person meets it: controls by their names. What the look and the test of WebKit share. */
import { openWebKit, until } from './webkit.mjs';

/** An element of the page by the selector of its kind and its name, or null; the last one is on top. */
const named = `const [selector, name] = arguments;
  const spoken = (element) => {
    const copy = element.cloneNode(true);
    for (const hidden of copy.querySelectorAll('[aria-hidden]')) hidden.remove();
    return copy.textContent;
  };
  const nameOf = (element) =>
    (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? spoken(element)).trim();
  const found = [...document.querySelectorAll(selector)].filter(
    (element) => nameOf(element) === name && element.checkVisibility({ contentVisibilityAuto: true }));
  return found.at(-1) ?? null;`;

/** Opens the app at `url`. */
export async function openApp(binary, url) {
  const webkit = await openWebKit(binary);
  const find = (selector, name) =>
    until(`${name} is there`, 20, async () => (await webkit.run(named, selector, name)) ?? undefined);
  /** Looks anew for every try: what was there may have been drawn again. */
  const tap = (name, selector = 'button') =>
    until(`${name} can be tapped`, 20, async () => {
      const element = await webkit.run(named, selector, name);
      if (!element) return undefined;
      await webkit.click(element);
      return true;
    });
  const text = (selector) =>
    webkit.run(`return document.querySelector(arguments[0])?.textContent ?? '';`, selector);
  try {
    await webkit.goto(url);
    await find('section', 'Canvas');
  } catch (error) {
    await webkit.close();
    throw error;
  }
  return {
    ...webkit,
    find,
    tap,
    text,
    /** Waits until the text of an element matches. @returns the text. */
    shows: (what, selector, pattern, seconds) =>
      until(what, seconds, async () => {
        const now = await text(selector);
        return pattern.test(now) ? now : undefined;
      }),
    async loadTemplate(label) {
      await tap('Templates');
      await tap(label, '[role="menuitem"]');
    },
    /** Sets numbers among the training settings, which the inspector shows where nothing is selected. */
    async setTraining(settings) {
      const canvas = await find('section', 'Canvas');
      const { x, y } = await webkit.run('return arguments[0].getBoundingClientRect().toJSON();', canvas);
      await webkit.clickAt(Math.round(x) + 12, Math.round(y) + 12);
      for (const [label, value] of Object.entries(settings)) {
        if (!(await webkit.run(named, 'input', label))) await tap('More settings', 'summary');
        await webkit.fill(await find('input', label), value);
      }
    },
    facts: () =>
      webkit.run(
        `return [innerWidth + '×' + innerHeight, 'isolated ' + self.crossOriginIsolated, 'WebGPU ' + ('gpu' in navigator),
          'DecompressionStream ' + (typeof DecompressionStream), 'cards ' + document.querySelectorAll('.layer-card').length].join(', ');`,
      ),
  };
}
