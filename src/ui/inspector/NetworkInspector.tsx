/** Nothing selected: the network as a table, as `model.summary()` people know it, and the settings of its training. */
import { trainingSchema } from '../../training/settings';
import { Disclosure } from '../common/Disclosure';
import { numberWords, shortNumber } from '../common/format';
import { CoreMLSummary } from '../coreml/CoreMLSummary';
import { ParamForm } from '../form/ParamForm';
import { useEditor } from '../stores';
import { EngineField } from './EngineField';
import { SummaryTable } from './SummaryTable';
import { TrainableLayersField } from './TrainableLayersField';

const advanced = ['beta1', 'beta2', 'epsilon', 'shuffle', 'seed', 'trainExamples'];
const entries = Object.entries(trainingSchema);
const basicSchema = Object.fromEntries(entries.filter(([key]) => !advanced.includes(key)));
const advancedSchema = Object.fromEntries(entries.filter(([key]) => advanced.includes(key)));

export function NetworkInspector() {
  const analysis = useEditor((editor) => editor.analysis);
  const settings = useEditor((editor) => editor.project.settings);
  const setSettings = useEditor((editor) => editor.setSettings);
  const [networkProblem] = analysis.problems.filter(({ nodeId }) => nodeId === undefined);
  return (
    <>
      <h2 className="text-lg font-semibold">Network</h2>
      <p className="mt-0.5 mb-2 text-xs text-mute">
        {networkProblem
          ? networkProblem.problem.message
          : `${numberWords(analysis.parameters)} parameters · ${shortNumber(analysis.multiplyAdds)} multiply-adds an image`}
      </p>
      <SummaryTable />
      <TrainableLayersField />
      <CoreMLSummary />
      <h2 className="mt-5 mb-1 text-lg font-semibold">Training</h2>
      <ParamForm
        schema={basicSchema}
        values={settings}
        onChange={(key, value) => setSettings({ [key]: value })}
      />
      <Disclosure label="More settings">
        <ParamForm
          schema={advancedSchema}
          values={settings}
          onChange={(key, value) => setSettings({ [key]: value })}
        />
        <EngineField />
      </Disclosure>
    </>
  );
}
