/** The list of file formats, in the order of the export dialog. */
import { coreml } from './coreml';
import type { FormatDefinition } from './defineFormat';
import { swiftCoreMLTools } from './swiftCoreMLTools';
import { swiftPlayground } from './swiftPlayground';
import { swiftTrainer } from './swiftTrainer';

export const formats: readonly FormatDefinition[] = [coreml, swiftPlayground, swiftTrainer, swiftCoreMLTools];
