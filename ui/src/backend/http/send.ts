/**
 * Sending a file: in one form to a server; to functions in two steps, of which the second goes straight to
 * the store.
 *
 * Which of the two answers is found out by the first file: an empty form is refused by a server as empty,
 * and gets an offer from functions.
 */

import { Failure, type Sent } from '../backend';
import type { Api } from './api';
import { code, refusal } from './api';
import { fields, text } from './fields';
import { deliver, type Receipt } from './parcel';

const MEDIA_TYPE = 'application/vnd.imgn.upload+json';
/** Hashing has the whole file in memory. */
const MOST_HASHED = 256 * 1024 * 1024;
/** An offer that came to nothing is asked for once more: its time was over, or its name taken meanwhile. */
const OFFERS = 2;

type Kind = 'unknown' | 'server' | 'functions';

export class Sender {
  #kind: Kind;

  constructor(
    private readonly api: Api,
    private readonly hash: (file: Blob) => Promise<string | null> = sha256,
  ) {
    // A page's own server is no function.
    this.#kind = api.place.elsewhere ? 'unknown' : 'server';
  }

  async send(file: File, moved: (bytes: number) => void): Promise<Sent> {
    if (file.size === 0) throw new Failure('empty', file.name);
    const hash = await this.hash(file);
    if (this.#kind === 'server') return this.#whole(file, hash, moved);
    for (let nth = 0; nth < OFFERS; nth += 1) {
      const offer = await this.#offer(file, hash);
      if (offer === 'server') return this.#whole(file, hash, moved);
      if ('duplicate' in offer) return offer;
      const put = await deliver({ method: 'PUT', body: file, ...offer }, moved);
      if (put.status >= 200 && put.status < 300) return { key: offer.key, duplicate: false };
      if (put.status !== 403 && put.status !== 412) throw refusal(put.status, '');
      moved(0);
    }
    throw new Failure('busy', 'the store took none of the offers');
  }

  async #whole(file: File, hash: string | null, moved: (bytes: number) => void): Promise<Sent> {
    const body = formOf(file, hash, file);
    const { status, body: said } = await this.#post(body, MEDIA_TYPE, moved);
    if (status !== 201) throw refusal(status, said);
    const accepted = fields(json(said));
    const key = text(accepted, 'key');
    if (key === null) throw new Failure('unexpected_answer', `${status}`);
    return { key, duplicate: accepted?.duplicate === true };
  }

  async #offer(file: File, hash: string | null): Promise<'server' | Sent | Offer> {
    const nothing = new File([], file.name, { type: file.type });
    // Without a hash there is nothing to sign: the form that the original imgn has.
    const accept = hash === null && this.#kind === 'functions' ? '*/*' : MEDIA_TYPE;
    const { status, body } = await this.#post(formOf(file, hash, nothing), accept, () => {});
    if (status === 400 && code(body) === 'empty') {
      this.#kind = 'server';
      return 'server';
    }
    if (status !== 200) {
      // Only functions ask to be told more; three files may hear it at once.
      if (code(body) !== 'unannounced' || accept !== MEDIA_TYPE || hash !== null)
        throw refusal(status, body);
      this.#kind = 'functions';
      return this.#offer(file, hash);
    }
    this.#kind = 'functions';
    return offerOf(body, file.name);
  }

  #post(body: FormData, accept: string, moved: (bytes: number) => void): Promise<Receipt> {
    const headers = { Accept: accept, ...this.api.credentials() };
    return deliver({ method: 'POST', url: this.api.url('upload'), headers, body }, moved);
  }
}

/** Where the bytes go. */
export interface Offer {
  readonly key: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What functions answer: JSON, or the address alone. */
export function offerOf(body: string, name: string): Sent | Offer {
  const of = fields(json(body));
  const key = text(of, 'key');
  if (of?.duplicate === true && key !== null) return { key, duplicate: true };
  const said = of === null ? body.trim() : text(of, 'url');
  const url = said !== null && URL.canParse(said) ? new URL(said) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Failure('unexpected_answer', 'neither an address nor a duplicate');
  }
  const headers = fields(of?.headers) ?? {};
  return {
    key: key ?? name,
    url,
    // The browser says the length itself, and the host.
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        (header): header is [string, string] =>
          typeof header[1] === 'string' && !/^(host|content-length)$/i.test(header[0]),
      ),
    ),
  };
}

/** The file comes last: who reads the form knows everything else by then. */
export function formOf(file: File, hash: string | null, body: Blob): FormData {
  const form = new FormData();
  if (hash !== null) form.append('sha256', hash);
  form.append('size', String(file.size));
  if (file.type !== '') form.append('type', file.type);
  if (file.lastModified > 0) form.append('mtime', String(file.lastModified / 1000));
  form.append('file', body, file.name);
  return form;
}

/** Null: on plain HTTP beyond this machine a page cannot have it, and the server makes its own. */
async function sha256(file: Blob): Promise<string | null> {
  if (!globalThis.isSecureContext || file.size > MOST_HASHED) return null;
  try {
    const bytes = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch (thrown) {
    throw new Failure('file_unreadable', String(thrown));
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
