/** Collects what a person should know before opening a file; the same sentence is said once. */
import type { ImportNote } from '../../defineImport';
import { shortened } from './refused';

export class Notes {
  private readonly found = new Map<string, ImportNote>();

  lost(message: string, layer?: string): void {
    this.add('lost', message, layer);
  }

  note(message: string, layer?: string): void {
    this.add('note', message, layer);
  }

  private add(severity: ImportNote['severity'], message: string, layer: string | undefined): void {
    const name = layer === undefined ? undefined : shortened(layer);
    this.found.set(`${severity} ${name} ${message}`, {
      severity,
      message,
      ...(name === undefined ? undefined : { layer: name }),
    });
  }

  /** What is lost first. */
  get all(): readonly ImportNote[] {
    const notes = [...this.found.values()];
    return [
      ...notes.filter(({ severity }) => severity === 'lost'),
      ...notes.filter((n) => n.severity === 'note'),
    ];
  }
}
