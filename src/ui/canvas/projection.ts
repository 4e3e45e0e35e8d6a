/**
 * The canvas library's nodes and edges, made from the project at every change. They are a projection: nothing is kept
 * in them, and only positions and edits flow back.
 */
import type { Edge, Node } from '@xyflow/react';
import { formatShape, type Shape } from '../../core/shape';
import type { LayerFate } from '../../formats/coreml/fates';
import type { NetworkFate } from '../../formats/coreml/judgeNetwork';
import { layerOf } from '../../layers';
import type { Analysis, NodeAnalysis } from '../../network/analyze';
import { isFrozenNode } from '../../network/edits';
import { NODE_HEIGHT, NODE_WIDTH } from '../../network/cards';
import type { Network, NetworkNode } from '../../network/network';
import { numberWords } from '../common/format';
import { fateLook } from '../coreml/fateLooks';

export type LayerNode = Node<
  { node: NetworkNode; analysis: NodeAnalysis; coreml: LayerFate; largest: number },
  'layer'
>;
export type ShapeEdge = Edge<{ shape: Shape | undefined; label: string }, 'shape'>;

type Positions = Readonly<Record<string, { x: number; y: number }>>;

export function projectNodes(
  network: Network,
  analysis: Analysis,
  coreml: NetworkFate,
  selected: readonly string[],
  dragged: Positions,
): LayerNode[] {
  const largest = largestSide(analysis);
  return network.nodes.map((node) => {
    const facts = analysis.nodes.get(node.id)!;
    return {
      id: node.id,
      type: 'layer',
      position: dragged[node.id] ?? node.position,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
      selected: selected.includes(node.id),
      ariaLabel: node.name,
      ariaRole: 'group',
      domAttributes: { 'aria-roledescription': 'layer', 'aria-describedby': `about-${node.id}` },
      data: { node, analysis: facts, coreml: coreml.layers.get(node.id)!, largest },
    };
  });
}

export function projectEdges(network: Network, analysis: Analysis, selected: readonly string[]): ShapeEdge[] {
  const names = new Map(network.nodes.map((node) => [node.id, node.name]));
  return network.edges.map((edge) => {
    const shape = analysis.nodes.get(edge.source)?.outputShape;
    const label = `${names.get(edge.source)} to ${names.get(edge.target)}`;
    return {
      id: edge.id,
      type: 'shape',
      source: edge.source,
      target: edge.target,
      selected: selected.includes(edge.id),
      focusable: false,
      data: { shape, label },
    };
  });
}

function largestSide(analysis: Analysis): number {
  let largest = 1;
  for (const { outputShape } of analysis.nodes.values())
    if (outputShape?.length === 3) largest = Math.max(largest, outputShape[0]!, outputShape[1]!);
  return largest;
}

/** A layer as a sentence for a screen reader. */
export function describeLayer(node: NetworkNode, analysis: NodeAnalysis, coreml: LayerFate): string {
  const { label, summary } = layerOf(node.kind);
  const parts = [label, summary(node.params)];
  if (analysis.outputShape) parts.push(`output ${formatShape(analysis.outputShape)}`);
  if (analysis.parameters > 0) parts.push(`${numberWords(analysis.parameters)} parameters`);
  if (isFrozenNode(node)) parts.push('frozen');
  if (analysis.problem) parts.push(`Problem: ${analysis.problem.message}`);
  if (analysis.status === 'waiting') parts.push('waits for the layers before it');
  parts.push(fateLook(coreml).words);
  return parts
    .filter((part) => part !== '')
    .join(', ')
    .replaceAll('×', ' by ')
    .replaceAll(' · ', ', ');
}
