/**
 * For tests only: Swift's grammar, which finds code that does not parse, and a small data set. The grammar knows no types:
 * that names and labels exist in Apple's frameworks, it cannot tell.
 */
import { createRequire } from 'node:module';
import Parser from 'web-tree-sitter';
import type { DatasetDefinition } from '../../datasets/defineDataset';
import { mnist } from '../../datasets/mnist';

let parser: Promise<Parser> | undefined;

/** What does not parse in a Swift file, each with its line; empty: all of it parses. */
export async function swiftErrors(text: string): Promise<readonly string[]> {
  parser ??= openParser();
  const tree = (await parser).parse(text);
  const errors: string[] = [];
  const visit = (node: Parser.SyntaxNode): void => {
    if (node.type === 'ERROR' || node.isMissing)
      errors.push(`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`);
    if (node.hasError) node.children.forEach(visit);
  };
  visit(tree.rootNode);
  if (tree.rootNode.hasError && errors.length === 0) errors.push('somewhere');
  tree.delete();
  return errors;
}

async function openParser(): Promise<Parser> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-wasms/out/tree-sitter-swift.wasm');
  const opened = new Parser();
  opened.setLanguage(await Parser.Language.load(grammar));
  return opened;
}

/** Words of unfinished code, and of values that never became text. */
export const unfinished =
  /TODO|FIXME|XXX|[Pp]laceholder|[Ll]orem|<#|\{\{|\bundefined\b|\[object|\bNaN\b|coming soon/;

/** MNIST with made-up images, as many as are asked for: image i holds the bytes i, i + 1, … */
export function drawnDigits(
  train: number,
  test: number,
  changes: Partial<DatasetDefinition> = {},
): DatasetDefinition {
  const shape = changes.shape ?? mnist.shape;
  const size = shape.reduce((product, n) => product * n, 1);
  const part = (count: number) => ({
    images: Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size) + (i % size)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % mnist.classLabels.length),
    count,
    shape,
    scale: mnist.scale,
    classes: mnist.classLabels.length,
  });
  return {
    ...mnist,
    id: `made-up ${train} ${test} ${shape.join()}`,
    trainCount: train,
    testCount: test,
    load: () => Promise.resolve({ train: part(train), test: part(test) }),
    ...changes,
  };
}
