/** Whether training moves the weights of one layer. */
import type { BooleanParam } from '../../core/params';
import { isFrozenNode } from '../../network/edits';
import type { NetworkNode } from '../../network/network';
import { BooleanField } from '../form/BooleanField';
import { useEditor } from '../stores';

const spec: BooleanParam = { type: 'boolean', label: 'Trainable', default: true };

export function TrainableField({ node }: { node: NetworkNode }) {
  const setTrainable = useEditor((editor) => editor.setTrainable);
  return (
    <BooleanField
      spec={spec}
      value={!isFrozenNode(node)}
      onChange={(trainable) => setTrainable([node.id], trainable)}
      note="Off: training leaves its weights as they are, as for transfer learning."
    />
  );
}
