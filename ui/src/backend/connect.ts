/** Chooses the library that this window shows. */

import type { Backend } from './backend';
import { inWindow, tauri } from './tauri';

export async function connect(): Promise<Backend> {
  if (inWindow()) return tauri;
  if (import.meta.env.DEV) {
    const { fake } = await import('./fake');
    return fake(new URLSearchParams(location.search));
  }
  throw new Error('no library is reachable from this page');
}
