/**
 * What each text that depends on something is tried with, in every language: one and several,
 * known and unknown. Only the specs read this; a text without a sample is an error of the types.
 */

import type { CardProgress } from '../backend/types/CardProgress';
import type { CardView } from '../backend/types/CardView';
import type { Cause } from '../backend/types/Cause';
import type { Cost } from '../backend/types/Cost';
import type { Days } from '../backend/types/Days';
import type { DoctorCheck } from '../backend/types/DoctorCheck';
import type { DoctorMeasure } from '../backend/types/DoctorMeasure';
import type { FolderPreview } from '../backend/types/FolderPreview';
import type { Latency } from '../backend/types/Latency';
import type { PatternCounts } from '../backend/types/PatternCounts';
import type { ProofView } from '../backend/types/ProofView';
import type { Verified } from '../backend/types/Verified';
import type { WrongCopy } from '../backend/types/WrongCopy';
import type { Catalogue } from '../words';
import type { About } from './causes';

type Calls<Section> = {
  [Text in keyof Section as Section[Text] extends (...args: never[]) => unknown
    ? Text
    : never]: Section[Text] extends (...args: infer Args) => unknown ? readonly Args[] : never;
};
type Samples = { [Section in keyof Catalogue]: Calls<Catalogue[Section]> };

const NOW = Date.parse('2026-11-24T12:00:00');
const EARLIER = NOW - 3 * 60_000;
const LONG_AGO = NOW - 40 * 86_400_000;
const AMOUNTS: readonly [number][] = [[1], [2], [12_345]];
const DAYS: readonly Days[] = [
  { kind: 'between', from: '2019-06-01', to: '2019-08-31' },
  { kind: 'between', from: '2019-03-01', to: '2019-03-31' },
  { kind: 'every_year', from: '12-24', to: '12-26' },
];
const NAMES: readonly [string][] = [['nas']];

const about: About = { destination: 'nas', folder: '/photos', count: 12, retryAt: null };
const preview: FolderPreview = {
  path: '/home/mara/Holiday 2024',
  photos: 612,
  bytes: 48e9,
  videos: 0,
  other_files: 0,
  excluded: 0,
  more: false,
  refused: null,
};
const plan = {
  copy: 38,
  already_here: 0,
  folders: [],
  not_photos: 0,
  managed_folder: 'Pictures/imgn',
};
const report = { watched: [], copied: 0, already_here: 0, not_photos: 0, excluded: 0, failed: [] };
const tried: PatternCounts = {
  kept: 12_345,
  left_out: 38,
  kept_examples: [],
  left_out_examples: [],
  offline: 0,
};
const proof: ProofView = {
  kind: 'full_sha256',
  confirmed_at: EARLIER,
  parts: null,
  etag: null,
  version: null,
};

const verified: Verified = {
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
const wrong: WrongCopy = {
  photo: 1,
  name: 'IMG_2041.jpg',
  key: '2019/06/IMG_2041.jpg',
  what: 'missing',
  goes_up_again: true,
  detail: '',
};
const card: CardView = {
  id: 1,
  name: 'EOS_DIGITAL',
  photos: 312,
  bytes: 4.2e9,
  new_at_least: 298,
};
const copied: CardProgress = {
  name: 'EOS_DIGITAL',
  stage: 'done',
  done: 330,
  total: 330,
  copied: 298,
  already_here: 14,
  not_photos: 18,
  problems: [],
  problem_count: 0,
  reason: null,
};
const copiedNone = { ...copied, copied: 0, already_here: 0, not_photos: 0 };
const copiedOne = { ...copied, copied: 1, already_here: 1, not_photos: 1 };
const latency: Latency = { p50: 4.2, p95: 120, count: 20 };
const cost: Cost = {
  tariff: 'amazon',
  month: 1.3,
  bring_in: 0.2,
  take_out: 4.4,
  noted: '2026-11-29',
  source: 'list prices',
  as_shipped: true,
};
type Found = [DoctorCheck, DoctorMeasure | null];
const NOTES: readonly Found[] = [
  ['tls', { unit: 'days', value: 1 }],
  ['tls', { unit: 'days', value: 12 }],
  ['tls', null],
  ['clock', { unit: 'seconds', value: 70 }],
  ['space', { unit: 'bytes', value: 48e6 }],
  ['same_disk', { unit: 'text', value: '/photos' }],
  ['delete', null],
  ['repeats_sha256', null],
  ['conditional_put', null],
  ['presigned_get', null],
  ['times', { unit: 'nanoseconds', value: 2e9 }],
  ['lists_parts', null],
];
/** Those that have words of their own. */
const PROBLEMS: readonly Found[] = [
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

export function samplesFor(codes: readonly Cause[]): Samples {
  return {
    actions: {},
    activity: {
      queued: AMOUNTS,
      more: AMOUNTS,
      done: AMOUNTS,
      doneLine: [['nas', EARLIER]],
      to: NAMES,
      moved: [[1_000_000, 3_100_000]],
      speed: [[3_100_000]],
      timeLeft: [[3], [31], [60], [7200], [86_400 * 3]],
      progress: [['IMG_2041.jpg']],
      leftOutVideos: AMOUNTS,
      leftOutOthers: AMOUNTS,
      leftOutFile: NAMES,
      examples: [
        [['a.jpg', 'b.jpg'], 2],
        [['a.jpg'], 2],
        [['a.jpg', 'b.jpg'], 1200],
      ],
    },
    background: {},
    browser: {
      reading: [[0], ...AMOUNTS],
      count: [[0], ...AMOUNTS],
      going: [
        [0, 1],
        [3, 12_345],
      ],
      ended: [
        [1, 0, 0],
        [2, 1, 1],
        [0, 12_345, 2],
      ],
      notTaken: codes.map((code) => ['IMG_2041.jpg', code]),
      more: AMOUNTS,
      saved: AMOUNTS,
      broken: codes.map((code) => [code]),
    },
    cards: {
      offer: [
        [card],
        [{ ...card, new_at_least: 0 }],
        [{ ...card, new_at_least: 312 }],
        [{ ...card, photos: 1, new_at_least: 1 }],
        [{ ...card, photos: 1, new_at_least: 0 }],
        [{ ...card, photos: 2, new_at_least: 1 }],
      ],
      copying: [
        ['EOS_DIGITAL', 0, 0],
        ['EOS_DIGITAL', 0, 1],
        ['EOS_DIGITAL', 120, 330],
      ],
      done: [
        [copied],
        [copiedOne],
        [copiedNone],
        [{ ...copiedNone, already_here: 14 }],
        [{ ...copiedNone, already_here: 1 }],
      ],
      stopped: [[copied], [copiedOne], [copiedNone]],
      takenOut: [[copied], [copiedOne], [copiedNone]],
      diskFull: [[copied], [copiedOne], [copiedNone]],
      problems: AMOUNTS,
    },
    causes: {
      problem: codes.flatMap((code) => [
        [code, about],
        [code, { ...about, count: 1, retryAt: NOW }],
        [code, { destination: null, folder: null, count: 0, retryAt: null }],
      ]),
      photo: codes.map((code) => [code, 'nas', null]),
      destination: codes.map((code) => [code, 'nas', 3, NOW]),
      folder: codes.map((code) => [code, '/photos']),
      failed: codes.map((code) => [code]),
      remedy: [],
      keyButton: [[null], ['no_credentials']],
    },
    checks: {
      progress: [
        [1, 1],
        [3, 12_345],
      ],
      verified: [
        [EARLIER, NOW],
        [LONG_AGO, NOW],
      ],
      result: [
        [verified],
        [{ ...verified, copies: 1, right: 1 }],
        [{ ...verified, copies: 0, right: 0 }],
        [{ ...verified, read: 1, bytes_read: 1 }],
        [{ ...verified, right: 10, missing: 1, damaged: 1, read: 12, bytes_read: 48e6 }],
        [{ ...verified, derived: 1 }],
        [{ ...verified, derived: 3, read: 1, bytes_read: 1 }],
        [{ ...verified, stopped: true }],
      ],
      wrong: [
        [wrong],
        [{ ...wrong, what: 'damaged' }],
        [{ ...wrong, what: 'damaged', goes_up_again: false }],
      ],
      more: AMOUNTS,
      examined: [
        [EARLIER, NOW],
        [LONG_AGO, NOW],
      ],
      well: AMOUNTS,
      note: NOTES,
      problem: PROBLEMS,
    },
    chosen: {
      count: AMOUNTS,
      select: [['IMG_2041.jpg']],
      selectMonth: [['2019']],
      copied: AMOUNTS,
      copiedSome: [
        [1, 1],
        [12, 3],
      ],
      saving: [[3, 38]],
      saved: [
        [1, 'Lake'],
        [38, 'Lake'],
      ],
      alreadyThere: AMOUNTS,
      notSaved: AMOUNTS,
      hurried: AMOUNTS,
    },
    compare: {
      measuring: [
        ['nas', 1, 31],
        ['nas', 12, 62],
      ],
      measured: [
        [EARLIER, NOW],
        [LONG_AGO, NOW],
      ],
      probesTakeNone: NAMES,
      probeStays: NAMES,
      limited: [[250_000]],
      half: [[latency], [{ ...latency, p50: 1250 }]],
      most: [[latency], [{ ...latency, p95: 1250 }]],
      of: [[latency]],
      middle: [[812, 4.1e6]],
      probe: [[5, 1e6]],
      rest: [[660], [10_800], [200_000]],
      speed: [[3_100_000]],
      kept: [
        [1, 1],
        [12_345, 48e9],
      ],
      money: [
        [0, 'EUR'],
        [0.001, 'EUR'],
        [12.5, 'USD'],
      ],
      shipped: [[cost], [{ ...cost, tariff: 'disk' }], [{ ...cost, tariff: 'noted' }]],
      noted: [[cost]],
    },
    destinations: {
      bucketName: [['lake', 'minio.home']],
      works: [
        ['minio.home', true],
        ['minio.home', false],
      ],
      problem: codes.flatMap((code) => [
        [code, 'minio.home', 'photos', 3700],
        [code, 'minio.home', 'photos', -60],
      ]),
      card: [
        [1, 1],
        [12_345, 48e9],
      ],
      waiting: AMOUNTS,
      checked: [
        [null, NOW],
        [EARLIER, NOW],
        [LONG_AGO, NOW],
      ],
      removed: NAMES,
    },
    drops: {
      copy: [
        [{ ...plan, copy: 1 }, 1],
        [plan, 1],
        [plan, 0],
      ],
      copyFolders: [[plan]],
      watch: [
        [[{ ...preview, photos: 1 }]],
        [[{ ...preview, more: true }]],
        [[preview, { ...preview, path: '/home/mara/Lake' }]],
      ],
      copyNote: [[plan], [{ ...plan, copy: 1 }], [{ ...plan, copy: 0 }]],
      already: [
        [1, 1],
        [38, 1200],
      ],
      alreadyToo: AMOUNTS,
      notPhotos: AMOUNTS,
      report: [
        [report, 1],
        [
          {
            watched: ['/a/Lake'],
            copied: 1,
            already_here: 1,
            not_photos: 1,
            excluded: 1,
            failed: [{ path: 'x', reason: { code: 'file_gone', detail: '', retry_at: null } }],
          },
          1,
        ],
        [{ ...report, watched: ['/a', '/b'], copied: 38, already_here: 2, not_photos: 3 }, 1],
        [{ ...report, copied: 1 }, 0],
        [{ ...report, copied: 38 }, 0],
      ],
    },
    errands: {
      found: [
        [1, 1, false],
        [12_345, 48e9, true],
      ],
      rebuilding: [
        ['nas', 0, 0],
        ['nas', 0, 1],
        ['nas', 3, 38],
      ],
      rebuilt: NAMES,
      byName: AMOUNTS,
      rebuildStopped: NAMES,
      restoring: [
        ['/photos', 0, 0],
        ['/photos', 1, 1],
        ['/photos', 3, 38],
      ],
      moved: [[1_000_000, 3_100_000]],
      restored: [
        ['/photos', 1, 0],
        ['/photos', 38, 1200],
      ],
      restoreStopped: NAMES,
      problems: AMOUNTS,
      moreProblems: AMOUNTS,
    },
    find: {
      within: [['Lake']],
      days: DAYS.map((days) => [days]),
      takeOff: [['JPEG']],
      found: AMOUNTS,
      nothingOnDays: [['2019']],
    },
    folders: {
      path: [['/photos']],
      found: [[preview], [{ ...preview, photos: 1, more: true, excluded: 12 }]],
      counts: [
        [0, 0],
        [1, 1],
        [12_345, 48e9],
      ],
      leftOut: [[['/a/imgn']], [['/a/imgn', '/a/other']]],
      removed: NAMES,
      total: [
        [{ photos: 12_345, videos: 812, other_files: 90 }],
        [{ photos: 3, videos: 1, other_files: 1 }],
        [{ photos: 1, videos: 0, other_files: 1 }],
        [{ photos: 3, videos: 1, other_files: 0 }],
        [{ photos: 1, videos: 0, other_files: 0 }],
      ],
    },
    frame: {
      noDestination: AMOUNTS,
      reading: [
        ['/photos', 1],
        ['/photos', 12_345],
      ],
      copying: [
        [1, 1],
        [3, 38],
      ],
      offline: [[0], [1], [8]],
      keysAgain: [
        [['nas'], 0],
        [['nas'], 1],
        [['nas', 'disk'], 8],
      ],
      paused: [
        [null, 0, NOW],
        [null, 1, NOW],
        [NOW + 3_600_000, 8, NOW],
        [NOW + 86_400_000, 8, NOW],
      ],
      allSafe: [
        [1, ['nas'], null, NOW],
        [12_345, ['nas'], EARLIER, NOW],
        [12_345, ['nas', 'disk'], LONG_AGO, NOW],
      ],
      onlineOnly: AMOUNTS,
      safe: AMOUNTS,
      going: AMOUNTS,
      waiting: AMOUNTS,
      needYou: AMOUNTS,
      upload: [[3_100_000]],
      timeLeft: [[3]],
      month: [[null], ['2019-03']],
      photos: AMOUNTS,
      tile: [['IMG_2041.jpg', 'backed_up']],
    },
    photo: {
      dialog: [['IMG_2041.jpg']],
      zoom: [[100]],
      ratingOf: [[4]],
      taken: [['2019-06-15T18:04:05', 7200]],
      coordinates: [[47.3769, 8.5417]],
      decimal: [[5.6]],
      altitude: [[408]],
      shape: [
        [6000, 4000, 12e6],
        [0, 0, 12e6],
        [6000, 4000, null],
      ],
      safeSince: [['nas', EARLIER]],
      onlineIn: NAMES,
      onTheWay: [['nas', '…']],
      confirmed: [
        [proof],
        [{ ...proof, kind: 'parts_sha256' }],
        [{ ...proof, kind: 'parts_sha256', parts: 12 }],
        [{ ...proof, kind: 'size_only' }],
      ],
      key: [['2019/06/IMG_2041.jpg']],
      version: [['3']],
      linkWorks: [['nas', NOW]],
    },
    settings: {
      nothing: [['bandwith']],
      folderPatternsFor: [['/media/nas']],
      preview: [
        [{ ...tried, left_out: 0 }],
        [{ ...tried, kept: 1, left_out: 0 }],
        [{ ...tried, kept: 1, left_out: 1 }],
        [tried],
      ],
      previewOffline: AMOUNTS,
      leftOutBy: [['Scans/a.jpg', 'Scans/']],
      notIncluded: [['Scans/a.jpg']],
      wrongPattern: [['[z-a]']],
      example: [['a.jpg', '2019/06/a.jpg']],
      editing: NAMES,
      changed: NAMES,
      thumbnailsNow: [[312_000_000]],
      takes: [[312_000_000]],
      showPlaceOf: [['/media/nas']],
      copyPathOf: [['/media/nas']],
      exported: [['/home/mara/imgn-settings.toml']],
      imported: [
        [{ settings_changed: true, folders: [], destinations: [] }],
        [
          {
            settings_changed: false,
            folders: [
              { path: '/a', became: 'added' },
              { path: '/b', became: 'added_offline' },
            ],
            destinations: [{ id: 1, name: 'nas', became: 'added', needs_keys: true }],
          },
        ],
      ],
      importedOffline: AMOUNTS,
      needsKeys: NAMES,
    },
    trial: {},
  };
}
