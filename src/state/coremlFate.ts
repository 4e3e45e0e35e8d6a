/** What Core ML will do with the editor's network: judged once for each state of what it depends on. */
import { judgeNetwork, type NetworkFate } from '../formats/coreml/judgeNetwork';
import type { Analysis } from '../network/analyze';
import { defaultCoreMLSettings, type CoreMLSettings } from '../project/coremlSettings';
import type { EditorState } from './editor';

/** An analysis is of one network and one loss, so it is the key; the choices of the export come second. */
const judged = new WeakMap<Analysis, { readonly coreml: CoreMLSettings; readonly fate: NetworkFate }>();

/** The very same answer until the network, the loss or the choices of the export change. */
export function coremlFate({ project, analysis }: Pick<EditorState, 'project' | 'analysis'>): NetworkFate {
  const coreml = project.coreml ?? defaultCoreMLSettings;
  const known = judged.get(analysis);
  if (known?.coreml === coreml) return known.fate;
  const fate = judgeNetwork(project.network, analysis, project.settings, coreml);
  judged.set(analysis, { coreml, fate });
  return fate;
}
