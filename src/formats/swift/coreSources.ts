/** The Swift files that train a network anywhere, in the order in which they read best. The app and the single file share them. */
import networkFacts from './core/NetworkFacts.swift?raw';
import exampleSet from './core/ExampleSet.swift?raw';
import featureValues from './core/FeatureValues.swift?raw';
import exampleBatch from './core/ExampleBatch.swift?raw';
import predictions from './core/Predictions.swift?raw';
import updateRun from './core/UpdateRun.swift?raw';
import trainableNetwork from './core/TrainableNetwork.swift?raw';

export const coreSources: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'NetworkFacts.swift', text: networkFacts },
  { name: 'ExampleSet.swift', text: exampleSet },
  { name: 'FeatureValues.swift', text: featureValues },
  { name: 'ExampleBatch.swift', text: exampleBatch },
  { name: 'Predictions.swift', text: predictions },
  { name: 'UpdateRun.swift', text: updateRun },
  { name: 'TrainableNetwork.swift', text: trainableNetwork },
];
