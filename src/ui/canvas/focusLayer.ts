/** Moves the keyboard's focus to a layer's card. */
export function focusLayer(id: string): void {
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
}
