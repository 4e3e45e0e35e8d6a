/** Runs commands by their keys, wherever the focus is outside fields, menus and dialogs. */
import { useEffect } from 'react';
import { commandFor } from './commands';
import { useStores } from './stores';

export function useCommandKeys(): void {
  const stores = useStores();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = commandFor(event);
      if (!command) return;
      event.preventDefault();
      command.run(stores);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [stores]);
}
