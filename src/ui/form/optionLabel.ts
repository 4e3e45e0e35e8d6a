/** How a stored option reads: "categoricalCrossentropy" as "categorical crossentropy", "60000" as "60,000". */
export function optionLabel(option: string): string {
  return option === 'sgd'
    ? 'SGD'
    : option === 'adam'
      ? 'Adam'
      : /^\d+$/.test(option)
        ? Number(option).toLocaleString('en-US')
        : option.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
}
