/**
 * The format Swift code (.swift): one file with a type that trains the exported model, to drop into an app that exists
 * already. It is the core of the Swift Playgrounds app; see `swift/core/`.
 */
import { defineFormat } from './defineFormat';
import { exportedFor, inspectTraining } from './swift/exported';

export const swiftTrainer = defineFormat({
  id: 'swiftTrainer',
  label: 'Swift code (.swift)',
  extension: '.swift',
  mimeType: 'text/x-swift',
  documentation:
    'One file for your own app: trains, predicts and saves the exported .mlmodel, with async and await.',
  options: {},
  inspect: inspectTraining,
  async write(source) {
    const { facts } = exportedFor(source);
    const [{ coreSources }, { networkSettings }] = await Promise.all([
      import('./swift/coreSources'),
      import('./swift/settings'),
    ]);
    const texts = [networkSettings(facts, source.dataset), ...coreSources.map(({ text }) => text)];
    return new TextEncoder().encode(singleFile(texts));
  },
});

const HEAD = `// Trains the network that Layerpad has exported as a Core ML model. Add this file and the .mlmodel to an app for
// iOS 16, iPadOS 16, macOS 13 or newer. Start at TrainableNetwork, near the end. Where the project isolates everything to
// the main actor by default (new projects of Xcode 26 do), put it into a package of its own, which does not.
`;

/** Several files as one: every import once, in front. */
function singleFile(texts: readonly string[]): string {
  const imports = new Set<string>();
  const bodies = texts.map((text) =>
    text
      .split('\n')
      .filter((line) => {
        const isImport = /^(@preconcurrency )?import /.test(line);
        if (isImport) imports.add(line);
        return !isImport;
      })
      .join('\n')
      .trim(),
  );
  return [HEAD, `${[...imports].sort().join('\n')}\n`, bodies.join('\n\n'), ''].join('\n');
}
