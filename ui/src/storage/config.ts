/** What was typed into the form, as the settings of a destination. */

import type { DestinationConfig } from '../backend/types/DestinationConfig';
import type { DestinationLayout } from '../backend/types/DestinationLayout';
import type { DestinationView } from '../backend/types/DestinationView';
import type { TypedKeys } from '../backend/types/TypedKeys';
import { words } from '../words';
import type { Secret } from '../words/causes';
import { lastPart } from '../words/sentence';

export type PathStyle = 'auto' | 'path' | 'host';

export interface Fields {
  readonly kind: DestinationConfig['kind'];
  readonly path: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly prefix: string;
  readonly region: string;
  readonly pathStyle: PathStyle;
  readonly profile: string;
  readonly caFile: string;
  readonly keyTemplate: string;
  readonly layout: DestinationLayout;
  readonly url: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly identityPool: string;
  readonly userPoolClient: string;
}

const PATH_STYLES: Record<PathStyle, boolean | null> = { auto: null, path: true, host: false };

export function configOf(fields: Fields): DestinationConfig {
  if (isApi(fields.kind)) {
    return {
      kind: fields.kind,
      url: endpointOf(fields.url) ?? '',
      token_file: given(fields.tokenFile),
      ca_file: given(fields.caFile),
    };
  }
  const { layout } = fields;
  // Names and folders are an original's there: what was typed for a library is not meant.
  const shared = layout === 'original';
  const key_template = shared ? null : given(fields.keyTemplate);
  if (fields.kind === 'folder') {
    return { kind: 'folder', path: fields.path.trim(), key_template, layout };
  }
  return {
    kind: 's3',
    endpoint: endpointOf(fields.endpoint),
    bucket: fields.bucket.trim(),
    prefix: shared ? '' : fields.prefix.trim(),
    region: given(fields.region),
    path_style: PATH_STYLES[fields.pathStyle],
    ca_file: given(fields.caFile),
    profile: given(fields.profile),
    key_template,
    layout,
    cognito: signsIn(fields)
      ? {
          identity_pool: fields.identityPool.trim(),
          user_pool_client: fields.userPoolClient.trim(),
        }
      : null,
  };
}

/** It answers HTTP, wants a token, and chooses how photos are named. */
export function isApi(kind: DestinationConfig['kind']): kind is 'http' | 'lambda' {
  return kind === 'http' || kind === 'lambda';
}

/** What words of it speak of: a key, a token, or a password. */
export function secretOf(config: DestinationConfig | null | undefined): Secret {
  if (config && isApi(config.kind)) return 'token';
  return config?.kind === 's3' && config.cognito !== null ? 'password' : 'key';
}

/** Keys are lent to whoever signs in. */
export function signsIn(fields: Pick<Fields, 'identityPool' | 'userPoolClient'>): boolean {
  return given(fields.identityPool) !== null || given(fields.userPoolClient) !== null;
}

/** The other way: what the form shows of a destination. Keys are never shown. */
export function fieldsOf(
  config: DestinationConfig,
): Omit<Fields, 'accessKeyId' | 'secretAccessKey' | 'token'> {
  const empty = {
    kind: config.kind,
    path: '',
    endpoint: '',
    bucket: '',
    prefix: '',
    region: '',
    pathStyle: 'auto' as const,
    profile: '',
    caFile: '',
    keyTemplate: '',
    layout: 'library' as const,
    url: '',
    tokenFile: '',
    identityPool: '',
    userPoolClient: '',
  };
  if (config.kind === 'http' || config.kind === 'lambda') {
    return {
      ...empty,
      url: config.url,
      tokenFile: config.token_file ?? '',
      caFile: config.ca_file ?? '',
    };
  }
  const keyTemplate = config.key_template ?? '';
  const { layout } = config;
  if (config.kind === 'folder') return { ...empty, keyTemplate, layout, path: config.path };
  return {
    ...empty,
    keyTemplate,
    layout,
    endpoint: config.endpoint ?? '',
    bucket: config.bucket,
    prefix: config.prefix,
    region: config.region ?? '',
    pathStyle: config.path_style === null ? 'auto' : config.path_style ? 'path' : 'host',
    profile: config.profile ?? '',
    caFile: config.ca_file ?? '',
    identityPool: config.cognito?.identity_pool ?? '',
    userPoolClient: config.cognito?.user_pool_client ?? '',
  };
}

/** What leads there, as one text: how photos are named there is no part of it. */
export function placeOf(config: DestinationConfig): string {
  return JSON.stringify({ ...config, key_template: null });
}

/** Servers of the original imgn share the place. */
export function isShared(config: DestinationConfig): boolean {
  return 'layout' in config && config.layout === 'original';
}

/** Null when neither half was typed: the environment's keys are meant. */
export function keysOf(accessKeyId: string, secretAccessKey: string): TypedKeys | null {
  const id = accessKeyId.trim();
  const secret = secretAccessKey.trim();
  return id === '' && secret === '' ? null : { access_key_id: id, secret_access_key: secret };
}

/** The token of an HTTP API is a secret key alone. */
export function tokenOf(token: string): TypedKeys | null {
  const secret = token.trim();
  return secret === '' ? null : { access_key_id: '', secret_access_key: secret };
}

/** Everything that must be given is given. */
export function isComplete(fields: Fields): boolean {
  if (fields.kind === 'folder') return fields.path.trim() !== '';
  if (isApi(fields.kind)) return fields.url.trim() !== '';
  const isWhole = (halves: readonly string[]) =>
    halves.every((half) => half.trim() === '') || halves.every((half) => half.trim() !== '');
  return (
    fields.bucket.trim() !== '' &&
    isWhole([fields.accessKeyId, fields.secretAccessKey]) &&
    isWhole([fields.identityPool, fields.userPoolClient])
  );
}

/** `minio.home` of `https://minio.home:9000`. */
export function hostOf(config: DestinationConfig): string {
  if (config.kind === 'folder') return lastPart(config.path);
  const address = config.kind === 's3' ? config.endpoint : config.url;
  if (address === null) return words.destinations.amazon;
  return URL.canParse(address) ? new URL(address).host : address;
}

/** What sentences about the place call it. */
export function nameOf(config: DestinationConfig): string {
  if (config.kind === 'folder') return lastPart(config.path);
  const host = hostOf(config).replace(/:\d+$/, '');
  if (config.kind !== 's3') return host;
  return words.destinations.bucketName(config.bucket, host);
}

/** Where it is, in one line. */
export function lineOf({ config, place }: Pick<DestinationView, 'config' | 'place'>): string {
  if (config.kind !== 's3') return place;
  const folder = config.prefix === '' ? '' : `/${config.prefix}`;
  return words.destinations.bucketAt(`${config.bucket}${folder}`, hostOf(config));
}

/** What a test's sentence calls the bucket, folder or server. */
export function containerOf(config: DestinationConfig): string {
  if (config.kind === 's3') return config.bucket;
  return config.kind === 'folder' ? config.path : hostOf(config);
}

/** An address typed without its scheme is meant to be the safe one. */
function endpointOf(typed: string): string | null {
  const endpoint = given(typed);
  if (endpoint === null || endpoint.includes('://')) return endpoint;
  return `https://${endpoint}`;
}

function given(typed: string): string | null {
  const trimmed = typed.trim();
  return trimmed === '' ? null : trimmed;
}
