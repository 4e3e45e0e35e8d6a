/** Short messages to the person, one at a time, read aloud by screen readers. Not for problems of layers. */
import { createStore } from 'zustand/vanilla';

export interface Notice {
  readonly kind: 'info' | 'problem';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const notices = createStore<{ readonly current: (Notice & { readonly id: number }) | undefined }>(
  () => ({
    current: undefined,
  }),
);

let count = 0;

/** Shows a notice in place of the one before. */
export function notify(notice: Notice): void {
  notices.setState({ current: { ...notice, id: ++count } });
}

export function dismissNotice(): void {
  notices.setState({ current: undefined });
}
