import { describe, expect, it } from 'vitest';
import { addLayer, connect, moveLayers } from './edits';
import { NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from './cards';
import { layoutNetwork } from './layout';
import { emptyNetwork } from './network';
import { lenet } from './templates/lenet';
import { chain } from './templates/template';

describe('the automatic layout', () => {
  it('puts a chain into one column with even gaps, from the origin, where templates have it already', () => {
    expect(layoutNetwork(lenet.build())).toEqual(lenet.build());
    expect(lenet.build().nodes.map(({ position }) => position)).toEqual(
      Array.from({ length: 8 }, (_, i) => ({ x: 0, y: i * (NODE_HEIGHT + ROW_GAP) })),
    );
  });

  it('puts branches side by side, and every layer below what feeds it', () => {
    const start = chain([['input'], ['conv2d'], ['add']]);
    const [input, , add] = start.nodes;
    const { network, id } = addLayer(start, 'conv2d', { position: { x: 0, y: 0 } });
    const forked = connect(connect(network, input!.id, id), id, add!.id);
    const messy = moveLayers(forked, { [input!.id]: { x: 999, y: 999 }, [add!.id]: { x: -5, y: 3.7 } });
    const laid = layoutNetwork(messy);
    const at = new Map(laid.nodes.map((node) => [node.id, node.position]));
    for (const { source, target } of laid.edges)
      expect(at.get(target)!.y - at.get(source)!.y).toBeGreaterThanOrEqual(NODE_HEIGHT + ROW_GAP);
    const [, left] = laid.nodes;
    expect(at.get(id)!.y).toBe(left!.position.y);
    expect(Math.abs(at.get(id)!.x - left!.position.x)).toBeGreaterThanOrEqual(NODE_WIDTH);
    expect(layoutNetwork(laid)).toEqual(laid);
  });

  it('keeps cards out of the way of a connection that skips them', () => {
    const start = chain([['input'], ['conv2d'], ['conv2d'], ['add']]);
    const [input, first, second, add] = start.nodes;
    const laid = layoutNetwork(connect(start, input!.id, add!.id));
    const at = new Map(laid.nodes.map((node) => [node.id, node.position]));
    const line = at.get(input!.id)!.x + NODE_WIDTH / 2;
    expect(at.get(add!.id)!.x + NODE_WIDTH / 2).toBe(line);
    for (const { id } of [first!, second!]) expect(at.get(id)!.x).toBeGreaterThan(line + 40);
    expect(layoutNetwork(laid)).toEqual(laid);
  });

  it('leaves an empty network as it is', () => {
    expect(layoutNetwork(emptyNetwork)).toEqual(emptyNetwork);
  });
});
