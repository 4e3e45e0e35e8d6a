/** The list of file formats, in the order of the export dialog. */
import { coreml } from './coreml';
import type { FormatDefinition } from './defineFormat';

export const formats: readonly FormatDefinition[] = [coreml];
