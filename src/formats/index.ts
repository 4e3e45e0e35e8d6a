/** The list of file formats, in the order of the export dialog. */
import { coreml } from './coreml';
import { coremlImport } from './coremlImport';
import { coremlJson } from './coremlJson';
import { coremlJsonImport } from './coremlJsonImport';
import type { FormatDefinition } from './defineFormat';
import type { ImportDefinition } from './defineImport';
import { swiftCoreMLTools } from './swiftCoreMLTools';
import { swiftPlayground } from './swiftPlayground';
import { swiftTrainer } from './swiftTrainer';

export const formats: readonly FormatDefinition[] = [
  coreml,
  swiftPlayground,
  swiftTrainer,
  swiftCoreMLTools,
  coremlJson,
];

/** The files that can be opened besides projects; the first one that a file's bytes look like is asked. */
export const imports: readonly ImportDefinition[] = [coremlImport, coremlJsonImport];
