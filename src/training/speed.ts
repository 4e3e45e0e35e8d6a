/** How fast a run is: images a second over the last seconds of training, in which pauses and tests do not count. */

const WINDOW_SECONDS = 4;

export interface Speed {
  /** Records work that was measured. */
  add(images: number, seconds: number): void;
  /** Images a second; 0 until it is known. */
  imagesPerSecond(): number;
}

/** The first work of a run also compiles and allocates; it counts only until there is other work to go by. */
export function createSpeed(): Speed {
  const work: { images: number; seconds: number }[] = [];
  let warm = false;
  return {
    add(images, seconds) {
      if (work.length === 1 && !warm) {
        work.pop();
        warm = true;
      }
      work.push({ images, seconds });
      let total = work.reduce((sum, w) => sum + w.seconds, 0);
      while (work.length > 1 && total - work[0]!.seconds >= WINDOW_SECONDS) total -= work.shift()!.seconds;
    },
    imagesPerSecond() {
      const images = work.reduce((sum, w) => sum + w.images, 0);
      const seconds = work.reduce((sum, w) => sum + w.seconds, 0);
      return seconds > 0 ? images / seconds : 0;
    },
  };
}
