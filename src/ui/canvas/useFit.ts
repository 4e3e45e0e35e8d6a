/**
 * Keeps the whole network in view until the person moves the view; from then on only when it is asked for.
 */
import { getViewportForBounds, useReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { NODE_HEIGHT, NODE_WIDTH } from '../../network/cards';
import type { Network } from '../../network/network';
import { view } from './view';

/** Room at the right of a card, in points: for the output's glyph and shape, or for the words of a problem. */
const OUTPUT_WIDTH = 132;
const PROBLEM_WIDTH = 264;
/** The tools of the canvas stand at its left edge. */
const TOOLS_WIDTH = 66;
const MAX_ZOOM = 1;
const MIN_ZOOM = 0.3;

export function useFit(network: Network, hasProblem: boolean) {
  const container = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const { setViewport, screenToFlowPosition } = useReactFlow();
  const fits = useStore(view, (state) => state.fits);

  const fit = useCallback(
    (duration: number) => {
      const box = container.current?.getBoundingClientRect();
      if (!box || network.nodes.length === 0) return;
      const xs = network.nodes.map((node) => node.position.x);
      const ys = network.nodes.map((node) => node.position.y);
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      const bounds = {
        x,
        y,
        width: Math.max(...xs) + NODE_WIDTH + (hasProblem ? PROBLEM_WIDTH : OUTPUT_WIDTH) - x,
        height: Math.max(...ys) + NODE_HEIGHT - y,
      };
      const padding = { left: `${TOOLS_WIDTH}px`, right: '12px', top: '16px', bottom: '20px' } as const;
      void setViewport(getViewportForBounds(bounds, box.width, box.height, MIN_ZOOM, MAX_ZOOM, padding), {
        duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : duration,
      });
    },
    [network, hasProblem, setViewport],
  );

  const latest = useRef(fit);
  useEffect(() => {
    latest.current = fit;
    if (!moved.current) fit(150);
  }, [fit]);

  useEffect(() => {
    moved.current = false;
    latest.current(200);
  }, [fits]);

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!moved.current) latest.current(0);
    });
    if (container.current) observer.observe(container.current);
    view.setState({ toCanvas: screenToFlowPosition });
    return () => {
      observer.disconnect();
      view.setState({ toCanvas: undefined });
    };
  }, [screenToFlowPosition]);

  /** From now on the view is the person's own. */
  const keepView = useCallback(() => {
    moved.current = true;
  }, []);

  return { container, keepView };
}
