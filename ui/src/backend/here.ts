/** The gallery that this page came from, or that the file beside it names. */

import type { Visit } from './backend';
import { http } from './http';
import { findPlace } from './http/config';
import { memoryOf } from './http/memory';

export async function galleryHere(): Promise<Visit> {
  const place = await findPlace(new URL(location.href));
  return http(place, {
    tab: memoryOf(() => sessionStorage),
    person: memoryOf(() => localStorage),
  });
}
