/** One request with a body, and how much of it is up: what `fetch` cannot tell. */

import { Failure } from '../backend';

export interface Parcel {
  readonly method: 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | Blob;
}

export interface Receipt {
  readonly status: number;
  readonly body: string;
}

/** How long nothing may move. */
const STILL_MS = 90_000;

/** Rejects with `unreachable` when no answer comes. */
export function deliver(parcel: Parcel, moved: (bytes: number) => void): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let still = setTimeout(() => request.abort(), STILL_MS);
    const alive = (): void => {
      clearTimeout(still);
      still = setTimeout(() => request.abort(), STILL_MS);
    };
    request.open(parcel.method, parcel.url);
    for (const [name, value] of Object.entries(parcel.headers)) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded }) => {
      alive();
      moved(loaded);
    };
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onerror = () => reject(new Failure('unreachable', 'the connection ended'));
    request.onabort = () => reject(new Failure('unreachable', 'nothing moved for too long'));
    request.onloadend = () => clearTimeout(still);
    request.send(parcel.body);
  });
}
