/** What trains, here and on the device: everything, the last layers, or layer by layer. */
import { useState } from 'react';
import type { ChoiceParam } from '../../core/params';
import { layerOf } from '../../layers';
import { isFrozenNode, layersWithWeights } from '../../network/edits';
import { nodeOf } from '../../network/network';
import { BooleanField } from '../form/BooleanField';
import { ChoiceField } from '../form/ChoiceField';
import { useEditor } from '../stores';

const labels = {
  all: 'All that can',
  last: 'Last dense layer',
  lastTwo: 'Last two dense layers',
  chosen: 'Layer by layer',
} as const;
type Choice = keyof typeof labels;

export function WhatTrains() {
  const network = useEditor((editor) => editor.project.network);
  const setTrainable = useEditor((editor) => editor.setTrainable);
  const trainOnly = useEditor((editor) => editor.trainOnly);
  const [byLayer, setByLayer] = useState(false);
  const nodes = layersWithWeights(network).map((id) => nodeOf(network, id)!);
  const ids = nodes.map(({ id }) => id);
  const dense = nodes.filter(({ kind }) => layerOf(kind).group === 'dense').map(({ id }) => id);
  const sets: Partial<Record<Choice, readonly string[]>> = {
    all: ids,
    ...(dense.length > 0 && ids.length > 1 ? { last: dense.slice(-1) } : {}),
    ...(dense.length > 1 && ids.length > 2 ? { lastTwo: dense.slice(-2) } : {}),
  };
  const training = nodes.filter((node) => !isFrozenNode(node)).map(({ id }) => id);
  const offered = Object.keys(sets) as Choice[];
  const preset = offered.find((choice) => sets[choice]!.join() === training.join());
  const value: Choice = byLayer || !preset ? 'chosen' : preset;
  const spec: ChoiceParam = {
    type: 'choice',
    label: 'What trains',
    help: 'The other layers keep the weights that they have, here and on the device.',
    options: [...offered, 'chosen'],
    default: 'all',
  };
  return (
    <>
      <ChoiceField
        spec={spec}
        value={value}
        labelOf={(option) => labels[option as Choice]}
        onChange={(option) => {
          const chosen = sets[option as Choice];
          setByLayer(!chosen);
          if (chosen) trainOnly(chosen);
        }}
      />
      {value === 'chosen' && (
        <div className="ml-3 border-l-2 border-line pl-3">
          {nodes.map((node) => (
            <BooleanField
              key={node.id}
              spec={{ type: 'boolean', label: node.name, default: true }}
              value={!isFrozenNode(node)}
              onChange={(trainable) => setTrainable([node.id], trainable)}
            />
          ))}
        </div>
      )}
    </>
  );
}
