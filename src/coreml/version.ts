/** The version of Core ML's specification that a file needs: what runs it, by what its layers use. */
import type { NeuralNetworkLayer } from './messages';

export interface SpecificationVersion {
  readonly number: number;
  /** The first systems that read it, in a sentence. */
  readonly systems: string;
}

/** Networks that can be updated came with version 4. */
const updatable: SpecificationVersion = { number: 4, systems: 'iOS 13 and macOS 10.15' };
const upsampling: SpecificationVersion = { number: 5, systems: 'iOS 14 and macOS 11' };

/**
 * The version for these layers.
 * Source: Apple's coremltools, mlmodel/src/Utils.cpp, hasIOS14NeuralNetworkFeatures.
 */
export function specificationVersion(layers: readonly NeuralNetworkLayer[]): SpecificationVersion {
  const gridded = layers.some(({ upsample }) => (upsample?.linearUpsampleMode ?? 0) !== 0);
  return gridded ? upsampling : updatable;
}
