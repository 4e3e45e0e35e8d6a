/** How a stored option reads: "categoricalCrossentropy" as "categorical crossentropy". */
export function optionLabel(option: string): string {
  return option === 'sgd'
    ? 'SGD'
    : option === 'adam'
      ? 'Adam'
      : option.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
}
