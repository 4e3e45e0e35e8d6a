import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultsOf, type ParamValues } from '../core/params';
import { layers, type LayerKind } from '../layers';
import { analyze } from './analyze';
import { layoutNetwork } from './layout';
import type { Network, NetworkNode } from './network';

const task = { inputShape: [28, 28, 1], classes: 10, loss: 'categoricalCrossentropy', datasetLabel: 'MNIST' };

const rubbish = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, Number.NaN, 0, -1, 'x', [], [3], [0, 0], [2, Number.NaN], true),
  fc.integer({ min: 1, max: 40 }),
);

const node: fc.Arbitrary<NetworkNode> = fc
  .record({
    kind: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...layers) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    id: fc.noBias(fc.nat({ max: 15 })),
    spoilt: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: rubbish }),
    key: fc.nat(),
  })
  .map(({ kind, id, spoilt, key }) => {
    const params: Record<string, unknown> = kind ? { ...defaultsOf(kind.params) } : {};
    const keys = Object.keys(params);
    if (spoilt !== undefined && keys.length > 0) params[keys[key % keys.length]!] = spoilt;
    return {
      id: `n${id}`,
      kind: kind?.kind ?? ('unknown' as LayerKind),
      name: `layer_${id}`,
      params: params as ParamValues,
      position: { x: 0, y: 0 },
    };
  });

const end = fc.noBias(fc.nat({ max: 16 })).map((id) => `n${id}`);
const network: fc.Arbitrary<Network> = fc.record({
  nodes: fc.array(node, { maxLength: 14, size: 'max' }),
  edges: fc.array(fc.record({ id: fc.uuid(), source: end, target: end }), { maxLength: 24, size: 'max' }),
});

it('any graph at all is analyzed without an exception, every layer once, with a problem or compiled', () => {
  let cycles = 0;
  fc.assert(
    fc.property(network, (graph) => {
      const { nodes, problems, compiled } = analyze(graph, task);
      expect([...nodes.keys()].sort()).toEqual([...new Set(graph.nodes.map(({ id }) => id))].sort());
      expect(compiled === undefined).toBe(problems.length > 0);
      const marked = [...nodes].filter(([, { status }]) => status === 'problem').map(([id]) => id);
      expect(problems.flatMap(({ nodeId }) => nodeId ?? []).sort()).toEqual(marked.sort());
      if (problems.some(({ problem }) => problem.code === 'cycle')) cycles++;
      if (new Set(graph.nodes.map(({ id }) => id)).size === graph.nodes.length) layoutNetwork(graph);
    }),
    { seed: 7, numRuns: 500, endOnFailure: true },
  );
  expect(cycles).toBeGreaterThan(50);
});
