/**
 * Asking the HTTP API: with the session's cookie where the page is the server's own, with the token
 * elsewhere.
 *
 * **Invariant:** the token goes to the API's own address and nowhere else; it is in no address, and kept no
 * longer than the browser's tab.
 */

import { Failure, TooOften } from '../backend';
import type { Cause } from '../types/Cause';
import type { Place } from './config';
import { fields, text } from './fields';

const TOKEN = 'imgn-token';
/** A server that says nothing for so long does not answer. */
const PATIENCE_MS = 60_000;

/** What is kept of a session between two loads of the page. */
export interface Memory {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

export class Api {
  #token: string | null;

  constructor(
    readonly place: Place,
    private readonly tab: Memory,
  ) {
    this.#token = place.elsewhere ? tab.getItem(TOKEN) : null;
  }

  url(path: string): URL {
    return new URL(path, this.place.base);
  }

  /** Headers that show who asks. */
  credentials(): Record<string, string> {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }

  async get(path: string): Promise<Response> {
    return answered(
      await this.#ask(this.url(path), {
        headers: { Accept: 'application/json', ...this.credentials() },
      }),
    );
  }

  /** What is at an address that a list gave. The token goes along to the API itself, and nowhere else. */
  async bytes(at: string): Promise<Blob> {
    const own = new URL(at).origin === this.place.base.origin;
    // What the browser has of a signed address was had without leave to read it.
    const how: RequestInit = own
      ? { headers: this.credentials(), redirect: 'error' }
      : { cache: 'no-store' };
    // However long it takes: it may be large.
    return (await answered(await reached(at, { ...how, credentials: 'omit' }))).blob();
  }

  /** Rejects with `unauthorized` when it is another token. */
  async signIn(token: string): Promise<void> {
    if (!this.place.elsewhere) {
      const answer = await this.#ask(this.url('session'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token }),
      });
      await answered(answer);
      return;
    }
    const before = this.#token;
    this.#token = token;
    try {
      await this.get('gallery?limit=1');
    } catch (thrown) {
      this.#token = before;
      throw thrown;
    }
    this.tab.setItem(TOKEN, token);
  }

  async signOut(): Promise<void> {
    this.tab.removeItem(TOKEN);
    this.#token = null;
    if (this.place.elsewhere) return;
    await answered(await this.#ask(this.url('session'), { method: 'DELETE' }));
  }

  async #ask(url: URL, how: RequestInit): Promise<Response> {
    return reached(url, {
      ...how,
      credentials: this.place.elsewhere ? 'omit' : 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }
}

async function reached(url: URL | string, how: RequestInit): Promise<Response> {
  try {
    return await fetch(url, how);
  } catch (thrown) {
    throw new Failure('unreachable', String(thrown));
  }
}

async function answered(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const wait = answer.headers.get('retry-after');
  throw refusal(answer.status, await answer.text().catch(() => ''), wait);
}

/**
 * What a refused request means, by the code in its body or else by its status. `wait`: its `Retry-After`.
 */
export function refusal(status: number, body: string, wait: string | null = null): Failure {
  const said = code(body);
  const detail = `${status}${said === null ? '' : ` ${said}`}`;
  if (status === 429) return new TooOften(detail, secondsOf(wait, Date.now()));
  return new Failure(
    (said !== null ? CODES[said] : undefined) ?? STATUSES[status] ?? 'destination_fault',
    detail,
  );
}

/** A `Retry-After`, in seconds from `now` on: it is a number of them, or a date. */
export function secondsOf(wait: string | null, now: number): number | null {
  if (wait === null) return null;
  const seconds = /^\d+$/.test(wait.trim())
    ? Number(wait)
    : Math.ceil((Date.parse(wait) - now) / 1000);
  return seconds > 0 ? seconds : null;
}

/** The word that a refusal has in its JSON. */
export function code(body: string): string | null {
  try {
    return text(fields(JSON.parse(body)), 'code');
  } catch {
    return null;
  }
}

const CODES: Readonly<Record<string, Cause>> = {
  empty: 'empty',
  too_large: 'too_large',
  not_a_photo: 'not_a_photo',
  too_many_pixels: 'not_accepted',
  bad_filename: 'bad_key',
  no_filename: 'bad_key',
  name_taken: 'bad_key',
  other_bytes: 'other_bytes',
  truncated: 'other_bytes',
  unauthorized: 'unauthorized',
  wrong_host: 'forbidden',
  wrong_origin: 'forbidden',
  other_library: 'wrong_library',
  store_away: 'busy',
  full: 'destination_full',
  read_only: 'no_access',
  misconfigured: 'no_access',
  too_slow: 'unreachable',
};

const STATUSES: Readonly<Record<number, Cause>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'unexpected_answer',
  408: 'unreachable',
  413: 'too_large',
  415: 'not_a_photo',
  502: 'busy',
  503: 'busy',
  504: 'busy',
  507: 'destination_full',
};
