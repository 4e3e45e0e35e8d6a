/** One line about the whole network: how much of it trains on the device. */
import { useCoreMLSummary } from './useLayerFate';

export function CoreMLSummary() {
  return (
    <p className="mt-2 text-xs text-mute" data-testid="coreml-summary">
      <b className="font-semibold text-ink">Core ML: </b>
      {useCoreMLSummary()}
    </p>
  );
}
