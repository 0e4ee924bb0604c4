/** What a browser remembers between two loads of a page; nothing, where its person wants that. */

import type { Memory } from './api';

/** `storage` may not even be asked for in such a browser. */
export function memoryOf(storage: () => Memory): Memory {
  try {
    return storage();
  } catch {
    const held = new Map<string, string>();
    return {
      getItem: (name) => held.get(name) ?? null,
      setItem: (name, value) => void held.set(name, value),
      removeItem: (name) => void held.delete(name),
    };
  }
}
