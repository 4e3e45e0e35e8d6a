/** One family of pictures (Lucide). Layer definitions name theirs; this table alone knows the components. */
import {
  Activity,
  ArrowLeftRight,
  Blend,
  CircleDashed,
  Combine,
  Expand,
  Frame,
  Grid3x3,
  Image,
  Layers,
  Maximize2,
  Minimize2,
  Mountain,
  Network,
  Plus,
  Radical,
  Rows3,
  Shapes,
  Shrink,
  Spline,
  Table2,
  TrendingUp,
  Waves,
  X,
  type LucideIcon,
} from 'lucide-react';
import { layerOf, type LayerKind } from '../layers';

const pictures: Record<string, LucideIcon> = {
  activity: Activity,
  blend: Blend,
  'circle-dashed': CircleDashed,
  combine: Combine,
  expand: Expand,
  frame: Frame,
  grid: Grid3x3,
  image: Image,
  layers: Layers,
  maximize: Maximize2,
  minimize: Minimize2,
  mountain: Mountain,
  network: Network,
  plus: Plus,
  radical: Radical,
  rows: Rows3,
  shapes: Shapes,
  shrink: Shrink,
  spline: Spline,
  swap: ArrowLeftRight,
  table: Table2,
  'trending-up': TrendingUp,
  waves: Waves,
  x: X,
};

/** The coloured tile that stands for a layer kind everywhere: palette, card, inspector. */
export function LayerTile({ kind, size }: { kind: LayerKind; size: number }) {
  const { icon, group } = layerOf(kind);
  const Picture = pictures[icon] ?? Plus;
  return (
    <span
      aria-hidden
      className="grid shrink-0 place-items-center text-card"
      style={{ width: size, height: size, borderRadius: size * 0.28, background: `var(--${group})` }}
    >
      <Picture size={size * 0.52} strokeWidth={2} />
    </span>
  );
}
