/** Which engine trains on this device. It is not among the training settings, which travel with the project. */
import type { ChoiceParam } from '../../core/params';
import { engineLabels, isEngineId } from '../../engine/labels';
import { ChoiceField } from '../form/ChoiceField';
import { usePreferences } from '../stores';

const spec: ChoiceParam = {
  type: 'choice',
  label: 'Engine',
  help: 'What computes the training: automatically the fastest that works here. Kept on this device, from the next start on.',
  default: 'automatic',
  options: ['automatic', ...Object.keys(engineLabels)],
};

const labelOf = (option: string): string => (isEngineId(option) ? engineLabels[option] : 'Automatic');

export function EngineField() {
  const engine = usePreferences((preferences) => preferences.engine);
  const setEngine = usePreferences((preferences) => preferences.setEngine);
  return (
    <ChoiceField
      spec={spec}
      labelOf={labelOf}
      value={engine ?? spec.default}
      onChange={(value) => setEngine(isEngineId(value) ? value : undefined)}
    />
  );
}
