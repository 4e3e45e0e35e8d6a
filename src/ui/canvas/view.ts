/** What the canvas shows, apart from the network: never saved, never undone. Other panels ask it to fit or to place. */
import { createStore } from 'zustand/vanilla';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface View {
  /** Counts the requests to bring the whole network into view. */
  readonly fits: number;
  /** The edge on which a dragged layer would land. */
  readonly dropEdge: string | undefined;
  /** Turns a place on the screen into one on the canvas; set by the canvas while it is there. */
  readonly toCanvas: ((screen: Point) => Point) | undefined;
}

export const view = createStore<View>(() => ({ fits: 0, dropEdge: undefined, toCanvas: undefined }));

/** Brings the whole network into view. */
export function fitNetwork(): void {
  view.setState(({ fits }) => ({ fits: fits + 1 }));
}
