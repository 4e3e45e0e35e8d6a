/**
 * What is saved and shared: the network, the data set's id, the settings of training. Not the weights: they belong to
 * the runs. What comes from outside is checked here, against the same schemas that make the forms.
 */
import { datasets } from '../datasets';
import { emptyNetwork, type Network } from '../network/network';
import { defaultTrainingSettings, trainingSchema, type TrainingSettings } from '../training/settings';
import type { CoreMLSettings } from './coremlSettings';
import { Refused, isRecord, readParams, readText } from './read';
import { readCoreMLSettings } from './readCoreML';
import { readNetwork } from './readNetwork';

const PROJECT_VERSION = 1;

/** The name of a project that nobody has named. */
export const UNTITLED = 'Untitled network';

export interface Project {
  readonly format: 'layerpad-project';
  readonly version: typeof PROJECT_VERSION;
  /** Names the project in storage and the checkpoint of its run: letters, digits and hyphens. */
  readonly id: string;
  readonly name: string;
  readonly datasetId: string;
  readonly network: Network;
  readonly settings: TrainingSettings;
  /** Missing: `defaultCoreMLSettings`. */
  readonly coreml?: CoreMLSettings;
}

/** An empty project with the default settings, the first data set, and an id of its own. */
export function newProject(): Project {
  return {
    format: 'layerpad-project',
    version: PROJECT_VERSION,
    id: freshId(),
    name: UNTITLED,
    datasetId: datasets[0]!.id,
    network: emptyNetwork,
    settings: defaultTrainingSettings,
  };
}

/** 16 hexadecimal digits. `crypto.randomUUID` is missing on pages without TLS, so it is not used. */
function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Reads a project from what `JSON.parse` or the storage gave.
 * @returns the project with values that it lacks filled in by their defaults, or one or two sentences that say what is
 * wrong with it. Nothing is dropped or repaired in silence.
 */
export function parseProject(json: unknown): { readonly project: Project } | { readonly error: string } {
  try {
    return { project: readProject(json) };
  } catch (error) {
    if (error instanceof Refused) return { error: error.message };
    throw error;
  }
}

function readProject(json: unknown): Project {
  if (!isRecord(json) || json['format'] !== 'layerpad-project')
    throw new Refused('It is not a Layerpad project: the line "format": "layerpad-project" is missing.');
  const { version } = json;
  if (version !== PROJECT_VERSION)
    throw new Refused(
      typeof version === 'number' && version > PROJECT_VERSION
        ? `It is of version ${version}, made by a newer Layerpad; this one reads version ${PROJECT_VERSION}. Reload the page to update.`
        : `Its version is ${JSON.stringify(version) ?? 'missing'}; this Layerpad reads version ${PROJECT_VERSION}.`,
    );
  const id = readText(json['id'], 'The id of the project', 64);
  if (!/^[A-Za-z0-9-]+$/.test(id))
    throw new Refused('The id of the project has other characters than letters, digits and hyphens.');
  const datasetId = readText(json['datasetId'], 'The data set', 64);
  if (!datasets.some((dataset) => dataset.id === datasetId))
    throw new Refused(
      `It uses the data set "${datasetId}"; this Layerpad has ${datasets.map((dataset) => dataset.id).join(', ')}.`,
    );
  return {
    format: 'layerpad-project',
    version: PROJECT_VERSION,
    id,
    name: readText(json['name'], 'The name of the project', 80),
    datasetId,
    network: readNetwork(json['network']),
    settings: readParams(trainingSchema, json['settings'], 'Training'),
    ...(json['coreml'] === undefined ? undefined : { coreml: readCoreMLSettings(json['coreml']) }),
  };
}
