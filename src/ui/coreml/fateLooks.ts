/** How a layer's fate in Core ML looks and reads. The pictures differ in shape, not only in colour. */
import { CircleDashed, CircleSlash, OctagonMinus, RefreshCw, Snowflake, type LucideIcon } from 'lucide-react';
import type { LayerFate } from '../../formats/coreml/fates';

interface FateLook {
  /** Undefined where there is nothing to point out. */
  readonly Picture?: LucideIcon;
  readonly color: string;
  /** As part of a sentence and, with a capital, as a heading. */
  readonly words: string;
}

export function fateLook({ fate, stops }: LayerFate): FateLook {
  switch (fate) {
    case 'trains':
      return { Picture: RefreshCw, color: 'text-good', words: 'trains on the device' };
    case 'frozen':
      return { Picture: Snowflake, color: 'text-warn', words: 'stays as it is on the device' };
    case 'runs':
      return stops
        ? { Picture: OctagonMinus, color: 'text-warn', words: 'stops gradients on the device' }
        : { color: 'text-mute', words: 'runs on the device' };
    case 'gap':
      return { Picture: CircleSlash, color: 'text-bad', words: 'not in Core ML' };
    case 'open':
      return { Picture: CircleDashed, color: 'text-faint', words: 'not judged for the device yet' };
    default:
      return fate satisfies never;
  }
}
