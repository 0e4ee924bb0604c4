import { describe, expect, it } from 'vitest';
import type { DestinationConfig } from '../backend/types/DestinationConfig';
import {
  configOf,
  type Fields,
  fieldsOf,
  hostOf,
  isComplete,
  isShared,
  keysOf,
  nameOf,
  placeOf,
  tokenOf,
} from './config';

const typed: Fields = {
  kind: 's3',
  path: '',
  endpoint: ' https://minio.home:9000 ',
  bucket: 'photos ',
  accessKeyId: '',
  secretAccessKey: '',
  prefix: '',
  region: '',
  pathStyle: 'auto',
  profile: '',
  caFile: '',
  keyTemplate: '',
  layout: 'library',
  url: '',
  token: '',
  tokenFile: '',
  identityPool: '',
  userPoolClient: '',
};

describe('the form', () => {
  it('becomes settings without what was left empty', () => {
    expect(configOf(typed)).toEqual({
      kind: 's3',
      endpoint: 'https://minio.home:9000',
      bucket: 'photos',
      prefix: '',
      region: null,
      path_style: null,
      ca_file: null,
      profile: null,
      key_template: null,
      layout: 'library',
      cognito: null,
    });
  });

  it('takes an address without its scheme for the safe one', () => {
    const config = configOf({ ...typed, endpoint: 'minio.home' });
    expect(config.kind === 's3' && config.endpoint).toBe('https://minio.home');
  });

  it.each([
    ['a bucket is enough', {}, true],
    ['no bucket', { bucket: ' ' }, false],
    ['half a key', { accessKeyId: 'A' }, false],
    ['a whole key', { accessKeyId: 'A', secretAccessKey: 'B' }, true],
    ['a folder', { kind: 'folder', path: '/mnt/nas' }, true],
    ['a server', { kind: 'http', url: 'nas:8080' }, true],
    ['no server', { kind: 'http', token: 'x' }, false],
    ['half a place to sign in', { identityPool: 'eu-central-1:1' }, false],
    ['a place to sign in', { identityPool: 'eu-central-1:1', userPoolClient: 'c' }, true],
    ['no folder', { kind: 'folder' }, false],
  ] as const)('is complete: %s', (_, differs, expected) => {
    expect(isComplete({ ...typed, ...differs })).toBe(expected);
  });
});

it.each([
  configOf(typed),
  configOf({ ...typed, pathStyle: 'host', region: 'eu-central-1', keyTemplate: '{filename}' }),
  configOf({ ...typed, kind: 'folder', path: '/media/nas' }),
  configOf({ ...typed, layout: 'original' }),
  configOf({ ...typed, kind: 'folder', path: '/srv/gallery', layout: 'original' }),
  configOf({ ...typed, kind: 'http', url: 'http://nas:8080', tokenFile: '/etc/token' }),
  configOf({ ...typed, kind: 'lambda', url: 'https://a.example/Prod/' }),
  configOf({ ...typed, identityPool: 'eu-central-1:1', userPoolClient: 'c' }),
])('what a destination is stands in the form as it was typed', (config) => {
  expect(configOf({ ...typed, ...fieldsOf(config) })).toEqual(config);
});

it('how photos are named is no part of where they are', () => {
  const named = { ...configOf(typed), key_template: '{filename}' };
  expect(placeOf(named)).toBe(placeOf(configOf(typed)));
  expect(placeOf({ ...configOf(typed), region: 'eu' } as DestinationConfig)).not.toBe(
    placeOf(configOf(typed)),
  );
});

it('an empty key means the environment’s', () => {
  expect(keysOf('', ' ')).toBeNull();
  expect(tokenOf(' ')).toBeNull();
  expect(tokenOf(' T ')).toEqual({ access_key_id: '', secret_access_key: 'T' });
  expect(keysOf(' A ', 'B')).toEqual({ access_key_id: 'A', secret_access_key: 'B' });
});

it('a place is called by what a person knows of it', () => {
  expect(nameOf(configOf(typed))).toBe('photos on minio.home');
  expect(hostOf(configOf(typed))).toBe('minio.home:9000');
  expect(nameOf(configOf({ ...typed, endpoint: '' }))).toBe('photos on Amazon S3');
  expect(nameOf(configOf({ ...typed, kind: 'folder', path: '/media/Photos SSD/' }))).toBe(
    'Photos SSD',
  );
  expect(hostOf(configOf({ ...typed, endpoint: 'https://' }))).toBe('https://');
  const server = configOf({ ...typed, kind: 'http', url: 'http://nas:8080/' });
  expect([nameOf(server), hostOf(server)]).toEqual(['nas', 'nas:8080']);
});

it('a place that is shared with an original imgn has no folder in the bucket and no template', () => {
  const fields = {
    ...typed,
    prefix: 'mine',
    keyTemplate: '{filename}',
    layout: 'original',
  } as const;
  const config = configOf(fields);
  expect(config).toMatchObject({ prefix: '', key_template: null, layout: 'original' });
  expect(isShared(config)).toBe(true);
  expect(isShared(configOf(typed))).toBe(false);
});
