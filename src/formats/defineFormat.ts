/**
 * The contract of a file format. To add one: one file beside this one and one line in `index.ts`.
 */
import type { ParamSchema, ParamsOf } from '../core/params';
import type { DatasetDefinition } from '../datasets/defineDataset';
import type { CompiledNetwork, Weights } from '../network/compiled';
import type { CoreMLSettings } from '../project/coremlSettings';
import type { TrainingSettings } from '../training/settings';
import type { WayOut } from './coreml/wayOut';

export interface ExportSource {
  /** The project's name: the file's name and the model's description start from it. */
  readonly name: string;
  readonly network: CompiledNetwork;
  readonly weights: Weights;
  readonly settings: TrainingSettings;
  readonly dataset: DatasetDefinition;
  /** What the project keeps about its Core ML file; every format that holds a model of Core ML goes by it. */
  readonly coreml: CoreMLSettings;
}

/** What the person should know before saving. */
export interface ExportNote {
  /** `gap`: it cannot be written, and saving is refused. `frozen`: it runs but will not train. `note`: good to know. */
  readonly severity: 'gap' | 'frozen' | 'note';
  /** Name of the layer it is about, or undefined for the whole file. */
  readonly layer?: string;
  readonly message: string;
  /** What mends it in one tap, the best first. */
  readonly waysOut?: readonly WayOut[];
}

export interface FormatDefinition<S extends ParamSchema = ParamSchema> {
  readonly id: string;
  /** As the dialog shows it: "Core ML (.mlmodel)". */
  readonly label: string;
  /** With the dot. */
  readonly extension: string;
  readonly mimeType: string;
  readonly documentation: string;
  /** What the dialog asks for this format alone; the same schema as everywhere. */
  readonly options: S;
  /** Everything worth knowing before saving, without writing. Empty: all is well. */
  inspect(source: ExportSource, options: ParamsOf<S>): readonly ExportNote[];
  /**
   * Writes the file. Loads what it needs on first use.
   * @param signal tells a format that takes long that nobody waits for its file any more.
   * @throws Error with a whole sentence where `inspect` has a gap.
   */
  write(source: ExportSource, options: ParamsOf<S>, signal?: AbortSignal): Promise<Uint8Array>;
  /** The file as text for a person to read in the app, without its weights. Missing: it is no text. */
  view?(source: ExportSource): Promise<string>;
}

/** Checks a definition against the precise types of its own options; the list of formats knows them as values only. */
export function defineFormat<const S extends ParamSchema>(format: FormatDefinition<S>): FormatDefinition {
  return format as unknown as FormatDefinition;
}
