/**
 * The format Swift Playgrounds app (.swiftpm): a zipped app project that trains the network on an iPad, opened without a
 * Mac. It holds the updatable model, images, and an app in SwiftUI; its parts are in `swift/`.
 */
import { pageAssets } from '../datasets/pageAssets';
import type { ParamSchema } from '../core/params';
import { defineFormat, type ExportSource } from './defineFormat';
import { exportedFor, inspectTraining } from './swift/exported';
import { fileNameOf } from './swift/names';
import type { ZipEntry } from './zip';

const options = {
  trainingImages: {
    type: 'choice',
    label: 'Training images',
    help: 'How many images the app brings along to train with. Fewer make a smaller file.',
    options: ['1000', '5000', '20000', '60000'],
    default: '60000',
  },
  testImages: {
    type: 'choice',
    label: 'Test images',
    help: 'How many images the app brings along to test with.',
    options: ['500', '2000', '10000'],
    default: '10000',
  },
} as const satisfies ParamSchema;

export const swiftPlayground = defineFormat({
  id: 'swiftPlayground',
  label: 'Swift Playgrounds app (.swiftpm)',
  extension: '.swiftpm.zip',
  mimeType: 'application/zip',
  documentation:
    'An app that trains this network natively on an iPad, with its images. Opens in Swift Playgrounds, without a Mac, or in Xcode.',
  options,
  inspect: inspectTraining,
  async write(source, { trainingImages, testImages }, signal) {
    const wanted = { training: Number(trainingImages), test: Number(testImages) };
    const files = await appProject(source, wanted, signal);
    const { zipOf } = await import('./zip');
    return zipOf(files, signal);
  },
});

/** Every file of the project, below the folder that the tools open. */
async function appProject(
  source: ExportSource,
  wanted: { readonly training: number; readonly test: number },
  signal: AbortSignal | undefined,
): Promise<readonly ZipEntry[]> {
  const { model, facts } = exportedFor(source);
  const { dataset, name } = source;
  const [{ encodeModel }, { trainedPlaces }, { appSources }, { coreSources }, swift, project, images] =
    await Promise.all([
      import('../coreml/codec'),
      import('../coreml/weightPlaces'),
      import('./swift/appSources'),
      import('./swift/coreSources'),
      import('./swift/settings'),
      import('./swift/package'),
      import('./swift/images'),
    ]);
  const file = encodeModel(model);
  const counts = images.countsOf(dataset, wanted);
  const packed = await images.packedImages(dataset, counts, pageAssets, signal);
  const app = {
    name,
    mark: markOf(file),
    trainingImages: counts.training,
    testImages: counts.test,
  };
  const texts: readonly (readonly [path: string, text: string])[] = [
    ['Package.swift', project.packageManifest(name)],
    ['README.md', project.appReadme(name, dataset)],
    ['App/AppSettings.swift', swift.appSettings(app, dataset)],
    ['App/NetworkSettings.swift', swift.networkSettings(facts, dataset)],
    ['App/TrainedLayers.swift', swift.trainedLayers(trainedPlaces(file))],
    ...[...appSources, ...coreSources].map((one) => [`App/${one.name}`, one.text] as const),
  ];
  const encoder = new TextEncoder();
  return [
    ...texts.map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
    { path: 'App/Data/Network.model', bytes: file },
    { path: 'App/Data/Images.data', bytes: packed },
  ].map(({ path, bytes }) => ({ path: `${fileNameOf(name)}.swiftpm/${path}`, bytes }));
}

/** Eight hexadecimal digits that tell files apart. Source: Fowler, Noll, Vo, FNV-1a of 32 bits. */
function markOf(file: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of file) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
