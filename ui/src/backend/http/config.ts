/** Where the API is: beside this page, or where `config.json` beside the page says. */

import { fields, text } from './fields';

export interface Place {
  /** Ends with a slash. */
  readonly base: URL;
  /** Another origin's: it takes a token and no cookie, and may be functions. */
  readonly elsewhere: boolean;
}

/** What `config.json` says; null: there is none, or it says nothing. */
export function placeOf(config: unknown, page: URL): Place {
  const own = new URL('.', page);
  const said = text(fields(config), 'api');
  if (said === null || !URL.canParse(said, own)) return { base: own, elsewhere: false };
  const base = new URL(said, own);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    return { base: own, elsewhere: false };
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { base, elsewhere: base.origin !== own.origin };
}

export async function findPlace(page: URL): Promise<Place> {
  try {
    const answer = await fetch(new URL('config.json', page), { cache: 'no-cache' });
    return placeOf(answer.ok ? await answer.json() : null, page);
  } catch {
    // Without one that can be read, the API is where the page came from.
    return placeOf(null, page);
  }
}
