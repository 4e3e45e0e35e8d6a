/** What is exported: the network with the weights it has learned here, or the ones that its seed draws. */
import { useEffect, useMemo, useState } from 'react';
import { datasetOf } from '../../datasets';
import type { ExportSource } from '../../formats/defineFormat';
import type { Weights } from '../../network/compiled';
import { initialWeights, signatureOf, weightsFit } from '../../network/weights';
import { defaultCoreMLSettings } from '../../project/coremlSettings';
import { useEditor, useRun, useStores } from '../stores';

interface Exported {
  readonly source: ExportSource | undefined;
  /** Where the weights come from, as a sentence. */
  readonly origin: string;
}

export function useExportSource(): Exported {
  const { run } = useStores();
  const project = useEditor((editor) => editor.project);
  const compiled = useEditor((editor) => editor.analysis.compiled);
  const checkpoint = useRun((state) => state.checkpoint);
  const fits = compiled !== undefined && checkpoint?.signature === signatureOf(compiled);
  const [trained, setTrained] = useState<{ savedAt: number; weights: Weights }>();
  const [failedAt, setFailedAt] = useState<number>();

  const savedAt = fits ? checkpoint?.savedAt : undefined;
  const failed = savedAt !== undefined && failedAt === savedAt;
  useEffect(() => {
    if (savedAt === undefined) return;
    let current = true;
    run
      .getState()
      .trainedWeights(project.id)
      .then(
        (weights) => {
          if (!current) return;
          if (weights) setTrained({ savedAt, weights });
          else setFailedAt(savedAt);
        },
        () => current && setFailedAt(savedAt),
      );
    return () => {
      current = false;
    };
  }, [run, project.id, savedAt]);

  return useMemo(() => {
    if (!compiled) return { source: undefined, origin: '' };
    const base = {
      name: project.name,
      network: compiled,
      settings: project.settings,
      dataset: datasetOf(project.datasetId)!,
      coreml: project.coreml ?? defaultCoreMLSettings,
    };
    if (savedAt !== undefined && !failed) {
      // While a newer checkpoint is being read, the one before it still is what was trained.
      if (!trained || !weightsFit(compiled, trained.weights))
        return { source: undefined, origin: 'Reading the trained weights…' };
      const accuracy = checkpoint?.testAccuracy;
      return {
        source: { ...base, weights: trained.weights },
        origin: `${checkpoint?.outcome === 'adopted' ? 'Weights from a file' : 'Weights trained here'}${accuracy === undefined ? '' : `, test accuracy ${accuracy.toFixed(4)}`}.`,
      };
    }
    return {
      source: { ...base, weights: initialWeights(compiled, project.settings.seed) },
      origin: `${failed ? 'The trained weights could not be read from this browser’s storage. ' : ''}Untrained weights, drawn from seed ${project.settings.seed}.`,
    };
  }, [compiled, project, savedAt, failed, trained, checkpoint?.outcome, checkpoint?.testAccuracy]);
}
