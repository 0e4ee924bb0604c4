/** The fake's places for photos: what one is like, what a test of it says, and what it has of a photo. */

import type { CopyView } from '../types/CopyView';
import type { DestinationConfig } from '../types/DestinationConfig';
import type { DestinationView } from '../types/DestinationView';
import type { ServiceKind } from '../types/ServiceKind';
import type { Status } from '../types/Status';
import type { TestReport } from '../types/TestReport';
import { stateOf } from './drawn';
import type { Scene } from './scenes';

export function destinationOf(
  id: number,
  name: string,
  config: DestinationConfig,
): DestinationView {
  return {
    id,
    name,
    config,
    place: placeOf(config),
    keys: { kind: config.kind === 'folder' ? 'none' : 'keyring' },
    service: serviceOf(config),
    may_be_incomplete: false,
    gone: false,
    state: 'ready',
    reason: null,
    photos: 0,
    bytes: 0,
    waiting: 0,
    last_checked: null,
    last_verified: null,
    examined: null,
  };
}

/** Where it is, in one line. */
export function placeOf(config: DestinationConfig): string {
  if (config.kind === 'folder') return config.path;
  if (config.kind !== 's3') return config.url.replace(/^https?:\/\//, '');
  return `${config.bucket} at ${(config.endpoint ?? 'https://s3.amazonaws.com').replace(/^https?:\/\//, '')}`;
}

export function nameOf(status: Status, id: number | null): string {
  return status.destinations.find((destination) => destination.id === id)?.name ?? '';
}

export function copyOf(destination: DestinationView, id: number, scene: Scene): CopyView {
  const state = stateOf(id, scene);
  const safe = state === 'backed_up' || state === 'online_only';
  return {
    destination: destination.id,
    destination_name: destination.name,
    key: `2019/06/IMG_${id}.jpg`,
    state,
    reason: safe
      ? null
      : { code: 'unauthorized', detail: '403 InvalidAccessKeyId', retry_at: null },
    proof: safe
      ? {
          kind: 'full_sha256',
          parts: null,
          etag: 'a1b2c3',
          version: null,
          confirmed_at: Date.now() - 86_400_000,
        }
      : null,
  };
}

/** What a bucket's name says is wrong with it. */
export function report(config: DestinationConfig): TestReport {
  const fine = {
    problem: null,
    existing_library: serviceOf(config) !== null,
    service: serviceOf(config),
    conditional_put: true,
    repeats_sha256: true,
    clock_skew: 0,
    milliseconds: 42,
  };
  if (config.kind !== 's3') return fine;
  const problem = (
    ['no_bucket', 'forbidden', 'certificate', 'clock_skew', 'unreachable'] as const
  ).find((code) => config.bucket.replaceAll('-', '_') === code);
  return problem ? { ...fine, problem: { code: problem, detail: problem, retry_at: null } } : fine;
}

/** An original is called so, and so are functions. */
function serviceOf(config: DestinationConfig): ServiceKind | null {
  if (config.kind === 's3' || config.kind === 'folder') return null;
  if (config.url.includes('original')) return 'original';
  return config.url.includes('amazonaws') ? 'functions' : 'imgn';
}
