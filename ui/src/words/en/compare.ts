/** Places side by side: what can be said of every place of a sort, and figures of one's own. */

import type { ComparedRow } from '../../backend/types/ComparedRow';
import type { Cost } from '../../backend/types/Cost';
import type { Latency } from '../../backend/types/Latency';
import type { PlaceSort } from '../../backend/types/PlaceSort';
import type { VerifiedBy } from '../../backend/types/VerifiedBy';
import { coarse } from '../amounts';
import { name, type Sentence, say } from '../sentence';
import {
  ago,
  bytes,
  count,
  counted,
  dayOf,
  duration,
  milliseconds,
  money,
  photos,
  speed,
} from './amounts';

type Said = Record<PlaceSort, string>;

export const compare = {
  open: 'Compare places',
  back: 'Back to Storage',
  lead: say`What imgn measured of each place, what it costs for your photos, and what is so for every place of its kind.`,
  leadOne: say`What imgn measured of your place and what it costs for your photos, beside the kinds of place that you do not have.`,
  leadNone: say`Four kinds of place for your photos, side by side. Figures of your own come with your first place.`,
  measure: 'Measure now',
  editPrices: 'Edit prices',
  measureNote: say`Each place is asked some 30 times how long it takes. Your photos are left alone; imgn's own probes are removed again.`,
  measuring: (place: string, done: number, total: number): Sentence =>
    say`Asking ${name(place)}: ${counted(done, 'answer', 'answers')} of ${counted(total, 'answer', 'answers')}.`,
  measured: (at: number, now: number): Sentence => say`Measured ${ago(at, now)}.`,
  stopped: say`Stopped. What was measured until then counts.`,
  done: say`Measured.`,
  probesTakeNone: (place: string): Sentence =>
    say`${name(place)} takes no probes, for what is put there cannot be removed. Its uploads are timed by your own photos.`,
  probeStays: (place: string): Sentence =>
    say`One probe of ${bytes(1_000_000)} stays in ${name(place)}, for its key has no right to delete. No more were put there.`,
  limited: (limit: number): Sentence =>
    say`Uploads are held to ${speed(limit)} by your limit, so their times are the limit's.`,

  sorts: {
    folder: 'Folder',
    bucket: 'Bucket',
    server: 'Server',
    functions: 'Functions',
  } satisfies Said,
  notYours: 'You have none',
  question: 'Question',
  table: 'Places side by side',
  rows: {
    unit: 'Unit of deployment',
    artifact: 'Artifact',
    distribution: 'Distribution',
    triggers: 'Triggers',
    state: 'State',
    latency: 'Latency',
    observability: 'Observability',
    billing: 'Billing',
    lift_and_shift: 'Lift and shift',
    local_development: 'Local development',
  } satisfies Record<ComparedRow, string>,
  general: {
    unit: {
      folder: 'Nothing is deployed: a folder is there.',
      bucket: 'A bucket, in a store that you or a provider runs.',
      server: 'One process, or containers of it in pods.',
      functions: 'A function for each job: upload, list, extract.',
    },
    artifact: {
      folder: 'None; photos are plain files.',
      bucket: "None of imgn's; the store is a program or a service.",
      server: 'One program, or a container image.',
      functions: 'A zip for each function, and one template.',
    },
    distribution: {
      folder: 'A disk is carried, a share is mounted.',
      bucket: 'An address, a bucket and a key.',
      server: 'A registry of images, or a copied program.',
      functions: 'A bucket of artifacts, from which SAM deploys.',
    },
    triggers: {
      folder: 'None: imgn itself reads and writes.',
      bucket: 'None needed; stores can tell of new objects.',
      server: "HTTP, a clock, or the store's notifications.",
      functions: 'HTTP by a gateway, a schedule, or a new object.',
    },
    state: {
      folder: 'On that one disk.',
      bucket: 'In the bucket; any S3 tool reads it.',
      server: 'On a volume or in a bucket; processes hold none.',
      functions: 'In a bucket; a function holds none.',
    },
    latency: {
      folder: "The disk's own; a share adds the network, sleep a spin-up.",
      bucket: 'The way to the store, which does not sleep.',
      server: 'The way to the server, which is always awake.',
      functions: 'The way to the gateway; after a rest, a cold start.',
    },
    observability: {
      folder: "The disk's health is yours to watch.",
      bucket: "Metrics and access logs are the store's.",
      server: 'Health, metrics and logs to collect yourself.',
      functions: 'Logs and metrics by the provider, for each function.',
    },
    billing: {
      folder: 'The disk, and its power.',
      bucket: 'By GB and request at a provider; power at home.',
      server: 'As long as the machine is on, busy or not.',
      functions: 'By request and GB; idle functions are free.',
    },
    lift_and_shift: {
      folder: 'Copy the files: they lie as in a bucket.',
      bucket: 'Copy the objects with any S3 tool.',
      server: 'The same program moves from NAS to pod to cloud.',
      functions: 'The code moves; gateway, roles and triggers do not.',
    },
    local_development: {
      folder: 'Any folder will do.',
      bucket: 'A store on this machine does the same.',
      server: 'Start it: that is the whole system.',
      functions: 'Emulators come close; the provider is the judge.',
    },
  } satisfies Record<ComparedRow, Said>,

  figures: {
    uploads: 'Upload',
    probes: 'Probe',
    lists: 'List',
    rested: 'After a rest',
    fresh: 'New connection',
    again: 'Warm',
    throughput: 'Throughput',
    kept: 'Safe here',
    verifies: 'Verifies',
    month: 'A month',
    bringIn: 'To bring all in',
    takeOut: 'To take all out',
  },
  reading: say`Half of what was timed took no longer than the figure itself, 95 of 100 no longer than what stands beside 95%.`,
  unmeasured: 'Not measured yet',
  /** Half of them took no longer; what most took stands beside it. */
  half: (latency: Latency): string => milliseconds(latency.p50),
  most: (latency: Latency): string => `95%: ${milliseconds(latency.p95)}`,
  of: (latency: Latency): string => `of ${count(latency.count)}`,
  middle: (seen: number, size: number): string => `of ${count(seen)}, middle ${bytes(size)}`,
  probe: (seen: number, size: number): string => `${count(seen)} of ${bytes(size)}`,
  rest: (seconds: number): string => {
    const { value, unit } = coarse(seconds);
    return `up to ${duration(value, unit)} of rest`;
  },
  speed: (value: number): string => speed(value),
  kept: (kept: number, size: number): string => `${photos(kept)}, ${bytes(size)}`,
  verified: {
    checksum: 'It repeats the SHA-256',
    reading_back: 'Each photo is read back',
    size: 'By size, until read back',
    not_seen: 'The first photo shows it',
  } satisfies Record<VerifiedBy, string>,
  money: (amount: number, currency: string): string =>
    amount > 0 && amount < 0.005 ? `under ${money(0.01, currency)}` : money(amount, currency),
  noPrice: 'No price is noted for this place',

  judged: 'Good and bad',
  goodTitle: 'Good',
  badTitle: 'Bad',
  good: {
    folder: {
      offline: 'Works without a network.',
      own: 'Nobody else holds your photos.',
      free: 'No fee, and no account.',
      plain: 'Any program reads the files.',
    },
    bucket: {
      open: 'Any S3 tool reads it, so you can leave.',
      everywhere: 'The same at home and at many providers.',
      grows: 'Grows at a provider without your doing.',
      proves: 'Stores that repeat checksums prove what arrived.',
    },
    server: {
      portable: 'Portable: the same image runs anywhere.',
      free: 'No provider to be tied to.',
      long: 'Long work, and any protocol.',
      awake: 'Always awake.',
    },
    functions: {
      use: 'Paid by use: idle costs nothing.',
      scales: 'From nothing to many by itself.',
      patched: 'No machine to patch.',
      events: 'Events of the store start it.',
    },
  } satisfies Record<PlaceSort, Record<string, string>>,
  bad: {
    folder: {
      one: 'One disk is one place: fire, theft, wear.',
      away: 'Out of reach when you are away.',
      full: 'When it is full, you buy the next one.',
    },
    bucket: {
      billed: 'A provider bills requests, and taking out.',
      yours: 'At home the store is yours to run and patch.',
      keys: 'Keys have to be kept, and renewed.',
    },
    server: {
      yours: 'You patch it, scale it and watch it.',
      idle: 'Costs the same while nobody uses it.',
      cluster: 'A cluster is work of its own.',
    },
    functions: {
      cold: 'A cold start after a rest.',
      limits: 'Limits on size and time.',
      tied: 'Tied to one provider, and harder to try at home.',
    },
  } satisfies Record<PlaceSort, Record<string, string>>,

  prices: 'Prices',
  pricesNote: say`Prices are no offer. Change them to your own: each has its day and where it is from.`,
  shipped: (cost: Cost): Sentence =>
    say`As imgn came with them, noted on ${dayOf(cost.noted)}: ${shippedSources[cost.tariff] ?? name(cost.source)}`,
  noted: (cost: Cost): Sentence => say`Noted on ${dayOf(cost.noted)}: ${name(cost.source)}`,
  pricesMistake: say`The table of prices is not understood, so those that imgn came with hold.`,
};

const shippedSources: Partial<Record<Cost['tariff'], string>> = {
  amazon: 'list prices of US East, as others quoted them in 2025 and 2026.',
  functions: "list prices of US East, by Amazon's own papers and examples.",
  disk: 'a guess, a disk of 6 watts at a household price of power.',
  server: 'a guess, a small server of 15 watts at a household price of power.',
};
