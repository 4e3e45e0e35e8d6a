/** Judging asks for no weights: every layer kind is written without them, and gets the verdict that the file has. */
import { expect, test } from 'vitest';
import { networks } from '../../engine/testing/agreementNetworks';
import { layers } from '../../layers';
import { initialWeights } from '../../network/weights';
import { fatesOf } from './fates';
import { gapsOf } from './gaps';
import { planOf } from './plan';
import { refusalOf } from './refusals';
import { sourceOf } from './testing';

const sources = networks.map(({ name, network, loss }) => ({
  name,
  source: { ...sourceOf(network, { loss }), weights: initialWeights(network, 1) },
}));

test('the networks have every layer kind', () => {
  const kinds = new Set(networks.flatMap(({ network }) => network.layers.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual(layers.map(({ kind }) => kind).sort());
});

test.each(sources)('$name is judged without weights as it is written with them', ({ source }) => {
  expect(gapsOf(source)).toEqual([]);
  const { network, settings, coreml } = source;
  const plan = planOf(source);
  const judged = planOf({ network, settings, coreml });
  expect(judged.judgement).toEqual(plan.judgement);
  expect(judged.trains).toEqual(plan.trains);
  const fates = fatesOf(judged, network.layers, refusalOf(source, judged));
  for (const layer of network.layers) {
    const written = plan.graph.layers.filter(({ name }) => plan.graph.origin.get(name) === layer);
    expect(fates.get(layer.id)!.fate === 'trains').toBe(written.some(({ name }) => plan.trains.has(name)));
    expect(fates.get(layer.id)!.reason).toMatch(/^["A-Z].*\.$/);
  }
});
