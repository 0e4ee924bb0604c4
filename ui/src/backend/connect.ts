/** Chooses what this page shows: the library of the window it is in, or the gallery that it came from. */

import type { Backend, Visit } from './backend';
import { inWindow, tauri } from './tauri';

export type Connection =
  | { readonly kind: 'window'; readonly backend: Backend }
  | { readonly kind: 'browser'; readonly visit: Visit };

export async function connect(): Promise<Connection> {
  if (inWindow()) return { kind: 'window', backend: tauri };
  const asked = new URLSearchParams(location.search);
  if (import.meta.env.DEV && !asked.has('gallery')) {
    const { fake } = await import('./fake');
    return { kind: 'window', backend: fake(asked) };
  }
  const { galleryHere } = await import('./here');
  return { kind: 'browser', visit: await galleryHere() };
}
