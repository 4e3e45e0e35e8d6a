/** A streaming line chart on uPlot. Colours come from the theme; values under the finger show in the legend line. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './curve.css';

export interface CurveSeries {
  readonly label: string;
  /** Name of a CSS variable, without the dashes. */
  readonly color: string;
  /** Draws dots, for values that come once an epoch. */
  readonly dots?: boolean;
}

/** Distances between the ticks of steps, which are whole numbers. */
const WHOLE_STEPS = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power]);

interface CurveProps {
  readonly label: string;
  readonly series: readonly CurveSeries[];
  /** Steps first, then one column per series; `null` where a series has no value. */
  readonly data: uPlot.AlignedData;
  readonly range: (min: number, max: number) => [number, number];
  readonly format: (value: number) => string;
}

export function Curve({ label, series, data, range, format }: CurveProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);

  useEffect(() => {
    const element = box.current!;
    const build = () => {
      const style = getComputedStyle(document.documentElement);
      const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
      const axis = {
        stroke: color('faint'),
        grid: { stroke: color('line'), width: 1 },
        ticks: { show: false },
        font: '11px -apple-system, BlinkMacSystemFont, "Segoe UI", sans-serif',
      };
      plot.current?.destroy();
      plot.current = new uPlot(
        {
          width: Math.max(element.clientWidth, 40),
          height: Math.max(element.clientHeight, 40),
          // Below, there is an axis only where there are steps; the lowest number needs room all the same.
          padding: [6, 12, (_, side, withAxis) => (withAxis[side] ? 0 : 8), 0],
          cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
          legend: { show: true, live: true },
          scales: { x: { time: false }, y: { range: (_, min, max) => range(min ?? 0, max ?? 1) } },
          axes: [
            { ...axis, size: 22, gap: 3, incrs: WHOLE_STEPS },
            { ...axis, size: 40, gap: 4, values: (_, ticks) => ticks.map(format) },
          ],
          series: [
            { label: 'step', value: (_, value) => (value === null ? '' : String(value)) },
            ...series.map((line) => ({
              label: line.label,
              stroke: color(line.color),
              width: 2,
              spanGaps: true,
              points: line.dots ? { show: true, size: 6, fill: color(line.color) } : { show: false },
              value: (_: uPlot, value: number | null) => (value === null ? '' : format(value)),
            })),
          ],
        },
        latest.current,
        element,
      );
    };
    build();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resized.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', build);
    return () => {
      resized.disconnect();
      dark.removeEventListener('change', build);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [series, range, format]);

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data);
  }, [data]);

  return <div ref={box} role="img" aria-label={label} className="curve min-h-0 flex-1 overflow-hidden" />;
}
