/** What comes in with a file, as lines of a table. */
import type { Model } from '../../../coreml/model';
import { optimizerOf } from '../../../training/settings';
import type { Project } from '../../../project/project';
import type { Imported } from '../../defineImport';
import type { ReadGraph } from './graph';
import { count, shortened } from './refused';

export function factsOf(
  { network, settings, coreml }: Project,
  { weights }: ReadGraph,
  model: Model,
): Imported['facts'] {
  const parameters = Object.values(weights).reduce((sum, { length }) => sum + length, 0);
  const frozen = network.nodes.filter(({ trainable }) => trainable === false).map(({ name }) => name);
  const optimizer = optimizerOf(settings);
  const entries: [string, string | undefined][] = [
    ['Layers', count(network.nodes.length)],
    ['Parameters', count(parameters)],
    ['Kind', coreml?.modelType === 'classifier' ? 'classifier' : 'network'],
  ];
  if (model.isUpdatable)
    entries.push(
      ['Optimizer', `${optimizer.type === 'adam' ? 'Adam' : 'SGD'}, learning rate ${optimizer.learningRate}`],
      ['Loss', settings.loss === 'meanSquaredError' ? 'mean squared error' : 'categorical cross-entropy'],
      ['Epochs', `${settings.epochs}, batches of ${settings.batchSize}`],
      ['Frozen layers', frozen.length > 0 ? frozen.join(', ') : 'none'],
    );
  const { description, author, license, version } = coreml!.texts;
  entries.push(['Description', description], ['Author', author], ['License', license], ['Version', version]);
  return entries.flatMap(([label, value]) => (value?.trim() ? [{ label, value: shortened(value) }] : []));
}
