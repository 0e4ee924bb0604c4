/** What the samples are about: amounts and times, a card, a place and its proof, what checks of it find. */

import type { CardProgress } from '../../backend/types/CardProgress';
import type { CardView } from '../../backend/types/CardView';
import type { Cost } from '../../backend/types/Cost';
import type { Days } from '../../backend/types/Days';
import type { DoctorCheck } from '../../backend/types/DoctorCheck';
import type { DoctorMeasure } from '../../backend/types/DoctorMeasure';
import type { FolderPreview } from '../../backend/types/FolderPreview';
import type { Latency } from '../../backend/types/Latency';
import type { PatternCounts } from '../../backend/types/PatternCounts';
import type { ProofView } from '../../backend/types/ProofView';
import type { Verified } from '../../backend/types/Verified';
import type { WrongCopy } from '../../backend/types/WrongCopy';
import type { About } from '../causes';

export const NOW = Date.parse('2026-11-24T12:00:00');
export const EARLIER = NOW - 3 * 60_000;
export const LONG_AGO = NOW - 40 * 86_400_000;
export const AMOUNTS: readonly [number][] = [[1], [2], [12_345]];
export const DAYS: readonly Days[] = [
  { kind: 'between', from: '2019-06-01', to: '2019-08-31' },
  { kind: 'between', from: '2019-03-01', to: '2019-03-31' },
  { kind: 'every_year', from: '12-24', to: '12-26' },
];
export const NAMES: readonly [string][] = [['nas']];

export const about: About = { destination: 'nas', folder: '/photos', count: 12, retryAt: null };
export const preview: FolderPreview = {
  path: '/home/mara/Holiday 2024',
  photos: 612,
  bytes: 48e9,
  videos: 0,
  other_files: 0,
  excluded: 0,
  more: false,
  refused: null,
};
export const plan = {
  copy: 38,
  already_here: 0,
  folders: [],
  videos: 0,
  not_photos: 0,
  managed_folder: 'Pictures/imgn',
};
export const report = {
  watched: [],
  copied: 0,
  already_here: 0,
  videos: 0,
  not_photos: 0,
  excluded: 0,
  failed: [],
};
export const tried: PatternCounts = {
  kept: 12_345,
  left_out: 38,
  kept_examples: [],
  left_out_examples: [],
  offline: 0,
};
export const proof: ProofView = {
  kind: 'full_sha256',
  confirmed_at: EARLIER,
  parts: null,
  etag: null,
  version: null,
};

export const verified: Verified = {
  destination: 1,
  name: 'nas',
  copies: 12,
  right: 12,
  read: 0,
  bytes_read: 0,
  missing: 0,
  damaged: 0,
  derived: 0,
  wrong: [],
  stopped: false,
  problem: null,
};
export const wrong: WrongCopy = {
  photo: 1,
  name: 'IMG_2041.jpg',
  key: '2019/06/IMG_2041.jpg',
  what: 'missing',
  goes_up_again: true,
  detail: '',
};
export const card: CardView = {
  id: 1,
  name: 'EOS_DIGITAL',
  photos: 312,
  bytes: 4.2e9,
  new_at_least: 298,
  videos: 0,
};
export const copied: CardProgress = {
  name: 'EOS_DIGITAL',
  stage: 'done',
  done: 330,
  total: 330,
  copied: 298,
  already_here: 14,
  videos: 12,
  not_photos: 18,
  problems: [],
  problem_count: 0,
  reason: null,
};
export const copiedNone = { ...copied, copied: 0, already_here: 0, videos: 0, not_photos: 0 };
export const copiedOne = { ...copied, copied: 1, already_here: 1, videos: 1, not_photos: 1 };
export const latency: Latency = { p50: 4.2, p95: 120, count: 20 };
export const cost: Cost = {
  tariff: 'amazon',
  month: 1.3,
  bring_in: 0.2,
  take_out: 4.4,
  noted: '2026-11-29',
  source: 'list prices',
  as_shipped: true,
};
type Found = [DoctorCheck, DoctorMeasure | null];
export const NOTES: readonly Found[] = [
  ['tls', { unit: 'days', value: 1 }],
  ['tls', { unit: 'days', value: 12 }],
  ['tls', null],
  ['clock', { unit: 'seconds', value: 70 }],
  ['space', { unit: 'bytes', value: 48e6 }],
  ['same_disk', { unit: 'text', value: '/photos' }],
  ['delete', null],
  ['repeats_sha256', null],
  ['repeats_sha256', { unit: 'text', value: 'echo' }],
  ['conditional_put', null],
  ['presigned_get', null],
  ['times', { unit: 'nanoseconds', value: 2e9 }],
  ['lists_parts', null],
];
/** Those that have words of their own. */
export const PROBLEMS: readonly Found[] = [
  ['region', { unit: 'text', value: 'eu-central-1' }],
  ['addressing', { unit: 'text', value: 'path' }],
  ['space', { unit: 'bytes', value: 1e6 }],
  ['clock', { unit: 'seconds', value: 3700 }],
  ['list', null],
  ['put', null],
  ['get', null],
  ['multipart', null],
  ['exclusive', null],
  ['durable', null],
];
