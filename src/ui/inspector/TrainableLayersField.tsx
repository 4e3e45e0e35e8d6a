/** How many layers train, counted from the end: the quick way to freeze a network for transfer learning. */
import { useId } from 'react';
import { isFrozenNode, layersWithWeights } from '../../network/edits';
import { nodeOf } from '../../network/network';
import { Field } from '../form/Field';
import { Stepper } from '../form/Stepper';
import { useEditor } from '../stores';

const LABEL = 'Trained layers';

export function TrainableLayersField() {
  const id = useId();
  const network = useEditor((editor) => editor.project.network);
  const trainOnly = useEditor((editor) => editor.trainOnly);
  const layers = layersWithWeights(network);
  if (layers.length === 0) return null;
  const training = layers.filter((layer) => !isFrozenNode(nodeOf(network, layer)!));
  const count = training.length;
  const isLast = training.every((layer, i) => layer === layers[layers.length - count + i]);
  const last = (n: number) => () => trainOnly(layers.slice(layers.length - n));
  return (
    <Field
      id={id}
      label={LABEL}
      note="Counted from the end, batch normalization too. The others are frozen: they keep their weights."
      group
    >
      <Stepper
        label={LABEL}
        onDecrease={count > 1 ? last(count - 1) : undefined}
        onIncrease={count < layers.length ? last(count + 1) : undefined}
      >
        <output aria-live="polite" className="min-w-20 px-1 text-center text-sm">
          {wordsFor(count, layers.length, isLast)}
        </output>
      </Stepper>
    </Field>
  );
}

/** "All 4", "Last 2 of 4", or "2 of 4" where others than the last train. */
function wordsFor(count: number, all: number, isLast: boolean): string {
  if (count === all) return `All ${all}`;
  if (count === 0) return `None of ${all}`;
  return `${isLast ? 'Last ' : ''}${count} of ${all}`;
}
