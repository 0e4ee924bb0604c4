import { beforeEach, expect, it, vi } from 'vitest';
import { Api, type Memory } from './api';
import type { Parcel, Receipt } from './parcel';
import { formOf, offerOf, Sender } from './send';

const HASH = 'ab'.repeat(32);
const parcels: Parcel[] = [];
let answers: Receipt[] = [];

vi.mock('./parcel', () => ({
  deliver: (parcel: Parcel) => {
    parcels.push(parcel);
    return Promise.resolve(answers.shift() ?? { status: 500, body: '' });
  },
}));

const nowhere: Memory = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const file = new File(['bytes'], 'a.jpg', { type: 'image/jpeg', lastModified: 1_500 });

function sender(elsewhere: boolean, hash: string | null = HASH): Sender {
  const api = new Api({ base: new URL('https://api.example/Prod/'), elsewhere }, nowhere);
  return new Sender(api, () => Promise.resolve(hash));
}

const json = (status: number, body: object): Receipt => ({ status, body: JSON.stringify(body) });
const send = (of: Sender) => of.send(file, () => {});
const sentFile = (nth: number) => {
  const body = parcels[nth]?.body;
  return body instanceof FormData ? (body.get('file') as File) : null;
};

beforeEach(() => {
  parcels.length = 0;
  answers = [];
});

it('a form tells everything before the file', () => {
  const form = formOf(file, HASH, file);
  expect([...form.keys()]).toEqual(['sha256', 'size', 'type', 'mtime', 'file']);
  expect(form.get('mtime')).toBe('1.5');
  expect([...formOf(file, null, file).keys()]).toEqual(['size', 'type', 'mtime', 'file']);
});

it('the server of the page gets the file in one form', async () => {
  answers = [json(201, { key: '2024/a.jpg', sha256: HASH, duplicate: true })];
  expect(await send(sender(false))).toEqual({ key: '2024/a.jpg', duplicate: true });
  expect(parcels.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST https://api.example/Prod/upload',
  ]);
  expect(sentFile(0)?.size).toBe(5);
});

it('functions get an empty form, and the store the file', async () => {
  const headers = { 'x-amz-checksum-sha256': 'q6ur', 'Content-Length': '5', host: 's3.example' };
  answers = [json(200, { url: 'https://s3.example/a?sig', headers, key: 'k' }), json(200, {})];
  expect(await send(sender(true))).toEqual({ key: 'k', duplicate: false });
  expect(sentFile(0)?.size).toBe(0);
  expect(parcels[1]?.method).toBe('PUT');
  expect(parcels[1]?.body).toBe(file);
  expect(parcels[1]?.headers).toEqual({ 'x-amz-checksum-sha256': 'q6ur' });
});

it('a server elsewhere is known by its refusal of an empty form, once', async () => {
  const one = sender(true);
  answers = [json(400, { code: 'empty' }), json(201, { key: 'a' }), json(201, { key: 'b' })];
  await send(one);
  expect(await send(one)).toEqual({ key: 'b', duplicate: false });
  expect(parcels).toHaveLength(3);
});

it('what functions have already does not go up', async () => {
  answers = [json(200, { duplicate: true, key: 'k', sha256: HASH })];
  expect(await send(sender(true))).toEqual({ key: 'k', duplicate: true });
  expect(parcels).toHaveLength(1);
});

it('without a hash functions are asked as the original imgn asks', async () => {
  answers = [
    json(400, { code: 'unannounced' }),
    { status: 200, body: 'https://s3.example/a?sig\n' },
    { status: 200, body: '' },
  ];
  expect(await send(sender(true, null))).toEqual({ key: 'a.jpg', duplicate: false });
  expect(parcels[1]?.headers.Accept).toBe('*/*');
  expect(parcels[2]?.headers).toEqual({});
});

it('a server elsewhere that is away for a moment is not taken for functions', async () => {
  const one = sender(true, null);
  answers = [json(503, { code: 'store_away' })];
  await expect(send(one)).rejects.toMatchObject({ code: 'busy' });
  answers = [json(400, { code: 'empty' }), json(201, { key: 'a' })];
  expect(await send(one)).toEqual({ key: 'a', duplicate: false });
});

it('an offer whose name was taken meanwhile is asked for once more', async () => {
  const offer = json(200, { url: 'https://s3.example/a', headers: {}, key: 'k' });
  answers = [offer, json(412, {}), offer, json(200, {})];
  expect(await send(sender(true))).toEqual({ key: 'k', duplicate: false });
  answers = [offer, json(403, {}), offer, json(403, {})];
  await expect(send(sender(true))).rejects.toMatchObject({ code: 'busy' });
});

//  name, answer, cause
const refusals: readonly [string, Receipt, string][] = [
  ['no photo', json(415, { code: 'not_a_photo', message: '' }), 'not_a_photo'],
  ['too large for a proxy', { status: 413, body: '<html>' }, 'too_large'],
  ['signed out', json(401, { code: 'unauthorized', message: '' }), 'unauthorized'],
  ['full', json(507, { code: 'full', message: '' }), 'destination_full'],
  ['a word of tomorrow', json(400, { code: 'new', message: '' }), 'destination_fault'],
  ['an odd success', { status: 201, body: 'stored' }, 'unexpected_answer'],
];

it.each(refusals)('%s is said by its cause', async (_, answer, cause) => {
  answers = [answer];
  await expect(send(sender(false))).rejects.toMatchObject({ code: cause });
});

it('only http addresses are sent to', () => {
  for (const body of ['javascript:x', '', '<p>https://s3.example/', '{"url":"file:///etc"}']) {
    expect(() => offerOf(body, 'a'), body).toThrow();
  }
});
