/** The names of layers: Keras's automatic ones, and the rule for those that a person gives. */
import { problem, type Problem } from '../core/problem';
import { layerOf, type LayerKind } from '../layers';
import { nodeOf, type Network } from './network';

const MAX_NAME = 64;

/** Characters that are safe in Keras, TensorFlow.js, Core ML and in the keys of weights ("conv2d/kernel"). */
const allowed = /^[A-Za-z0-9][A-Za-z0-9_\-. ]*$/;

/** Keras's automatic name with the smallest free number: "conv2d", "conv2d_1", … */
export function automaticName(network: Network, kind: LayerKind): string {
  const taken = new Set(network.nodes.map(({ name }) => name));
  const { autoName } = layerOf(kind);
  if (!taken.has(autoName)) return autoName;
  let number = 1;
  while (taken.has(`${autoName}_${number}`)) number++;
  return `${autoName}_${number}`;
}

/** Whether a text can be a layer's name at all; spaces around it are not counted. */
export function checkName(name: string): Problem | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return problem('name', 'A layer needs a name of at least one letter or digit.');
  if (trimmed.length > MAX_NAME)
    return problem('name', `A name has at most ${MAX_NAME} characters; this one has ${trimmed.length}.`);
  if (!allowed.test(trimmed))
    return problem(
      'name',
      'A name begins with a letter (a to z) or a digit, then takes letters, digits, spaces and _ - . too.',
    );
  return undefined;
}

/** Gives a layer another name. Answers a Problem where the name cannot be or another layer has it. */
export function rename(network: Network, id: string, name: string): Network | Problem {
  const wrong = checkName(name);
  if (wrong) return wrong;
  const trimmed = name.trim();
  const node = nodeOf(network, id);
  if (!node || node.name === trimmed) return network;
  const other = network.nodes.find((candidate) => candidate.name === trimmed);
  if (other)
    return problem('duplicateName', `Another ${layerOf(other.kind).label} is named "${trimmed}" already.`);
  return { ...network, nodes: network.nodes.map((n) => (n.id === id ? { ...n, name: trimmed } : n)) };
}
