/** A small box in proportion to a layer's output, so that the funnel of a convolutional network can be seen. */
import type { Shape } from '../../core/shape';

interface TensorGlyphProps {
  shape: Shape;
  /** Height or width that is drawn at full size: the largest of the network. */
  largest: number;
}

const FULL_SIDE = 34;

/** Width, height and depth of the box in points. Depth grows with the root of the channels, so that 512 still fits. */
function glyphSize(shape: Shape, largest: number): { width: number; height: number; depth: number } {
  if (shape.length === 3) {
    const scale = FULL_SIDE / Math.max(largest, 1);
    return {
      width: Math.max(shape[1]! * scale, 3),
      height: Math.max(shape[0]! * scale, 3),
      depth: Math.min(Math.sqrt(shape[2]!) * 4, 44),
    };
  }
  return { width: 7, height: Math.min(44, Math.max(6, Math.sqrt(shape[0] ?? 1) * 1.6)), depth: 5 };
}

export function TensorGlyph({ shape, largest }: TensorGlyphProps) {
  const { width: w, height: h, depth: d } = glyphSize(shape, largest);
  const rise = d * 0.5;
  return (
    <svg
      aria-hidden
      width={w + d + 2}
      height={h + rise + 2}
      fill="var(--accent)"
      stroke="var(--accent)"
      strokeOpacity={0.55}
      strokeLinejoin="round"
      className="overflow-visible"
    >
      <g transform={`translate(1 ${rise + 1})`}>
        <path d={`M0 0l${d} ${-rise}h${w}l${-d} ${rise}z`} fillOpacity={0.1} />
        <path d={`M${w} 0l${d} ${-rise}v${h}l${-d} ${rise}z`} fillOpacity={0.22} />
        <path d={`M0 0h${w}v${h}h${-w}z`} fillOpacity={0.05} />
      </g>
    </svg>
  );
}
