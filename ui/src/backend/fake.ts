/**
 * A library in memory, with drawn pictures: for building the interface in a plain browser.
 *
 * Never part of the product: it is imported in development only. `?scene=` chooses what it shows.
 */

import { type Backend, type Drag, Failure, type Unsubscribe } from './backend';
import { examined, leftOutPage, verified } from './fake/checks';
import { comparison, measuredOf } from './fake/comparison';
import * as drawn from './fake/drawn';
import { Finding } from './fake/finding';
import { activityOf, type Scene, sceneNamed, statusOf } from './fake/scenes';
import { keysMade, PLACES, patternsTried, placeOf } from './fake/settings';
import type { CopyView } from './types/CopyView';
import type { DestinationConfig } from './types/DestinationConfig';
import type { DestinationView } from './types/DestinationView';
import type { Event } from './types/Event';
import type { FolderView } from './types/FolderView';
import type { PhotoDetail } from './types/PhotoDetail';
import type { RebuildProgress } from './types/RebuildProgress';
import type { RestoreProgress } from './types/RestoreProgress';
import type { ServiceKind } from './types/ServiceKind';
import type { Settings } from './types/Settings';
import type { Status } from './types/Status';
import type { TestReport } from './types/TestReport';

const ANSWER_MS = 12;

/** The fake, and a hand on what the system would do. */
export interface Fake extends Backend {
  drag(drag: Drag): void;
  emit(event: Event): void;
  /** Hands photos over from outside. */
  hand(paths: readonly string[]): void;
}

export function fake(parameters: URLSearchParams): Fake {
  const scene = sceneNamed(parameters.get('scene'));
  const library = drawn.library(Number(parameters.get('photos') ?? scene.photos));
  const finding = new Finding(library, scene);
  let status: Status = statusOf(scene, library.total);
  let settings: Settings = {
    language: null,
    appearance: 'system',
    background: {
      keep_running: true,
      notify_when_done: true,
      notify_when_needed: true,
      notify_of_cards: true,
    },
    cards: { offer: true },
    limits: { upload: null, thumbnails: 10_000_000_000 },
    photos: { include: [], exclude: [] },
    folder: [],
  };
  const events = new Set<(event: Event) => void>();
  const drags = new Set<(drag: Drag) => void>();
  const hands = new Set<() => void>();
  let handed: string[] = [];
  let atLogin = false;
  let measuredAt: number | null = null;
  let trying = parameters.has('trial');

  function emit(event: Event): void {
    for (const listener of events) listener(event);
  }

  function change(next: Partial<Status>): void {
    status = { ...status, ...next };
    emit({ type: 'status', status });
  }

  function unbroken<T>(value: T): T {
    if (scene.broken) throw new Failure('library_damaged', 'database disk image is malformed');
    return value;
  }

  async function answer<T>(make: () => T): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return make();
  }

  function detail(id: number): PhotoDetail {
    const tile = library.tile(id);
    const placed = status.destinations.map(
      (destination): CopyView => copyOf(destination, id, scene),
    );
    return { ...drawn.detail(tile), favourite: finding.isFavourite(id), copies: placed };
  }

  const backend: Fake = {
    status: () => answer(() => unbroken(status)),
    sections: (query) => answer(() => unbroken(finding.sections(query))),
    tiles: (query, month, after, limit) => answer(() => finding.tiles(query, month, after, limit)),
    meaning: (text) => answer(() => finding.meaning(text)),
    formats: () =>
      answer(() => [
        { media_type: 'image/jpeg', count: library.total },
        { media_type: 'image/tiff', count: Math.floor(library.total / 97) },
      ]),
    subfolders: (place) => answer(() => (place.below === '' ? ['2019', 'Lake'] : [])),
    photo: (id) => answer(() => detail(id)),
    locate: () =>
      answer(() => {
        const month = library.sections[0]?.month ?? null;
        const [newest] = library.page(month, null, 1, scene);
        return newest ? { id: newest.id, month, index: 0 } : null;
      }),
    activity: () => answer(() => activityOf(scene, library, status)),

    setFavourite: (selection, favourite) =>
      answer(() => {
        finding.favour(selection, favourite);
        emit({
          type: 'photos',
          months: finding.sections(selection.query).map(({ month }) => month),
        });
      }),
    uploadNow: () => answer(() => undefined),
    saveOriginals: (selection) =>
      answer(() => ({ saved: finding.ids(selection).length, already_there: 0, failed: [] })),
    copyFiles: (selection) => answer(() => finding.ids(selection).length),
    showInFolder: () => answer(() => true),

    suggestedFolders: () => answer(() => ['/home/mara/Pictures']),
    previewFolder: (path) =>
      answer(() => ({
        path,
        photos: 12_345,
        bytes: 48_000_000_000,
        videos: 812,
        other_files: 90,
        excluded: 0,
        more: false,
        refused: path.includes('refused')
          ? { code: 'folder_inside_destination' as const, detail: path, retry_at: null }
          : null,
      })),
    addFolder: (path) =>
      answer(() => {
        const folder: FolderView = {
          id: status.folders.length + 1,
          path,
          managed: false,
          state: 'watching',
          photos: 612,
          bytes: 2_400_000_000,
          videos: 3,
          other_files: 1,
          left_out: [],
          polling: false,
        };
        change({ folders: [...status.folders, folder], first_run: false });
        return folder;
      }),
    removeFolder: (id) =>
      answer(() => change({ folders: status.folders.filter((folder) => folder.id !== id) })),

    testDestination: (config) => answer(() => report(config)),
    createBucket: () => answer(() => undefined),
    addDestination: (name, config) =>
      answer(() => {
        const destination = destinationOf(status.destinations.length + 1, name, config);
        change({ destinations: [...status.destinations, destination], first_run: false });
        return destination;
      }),
    testChangedDestination: (_id, config) => answer(() => report(config)),
    changeDestination: (id, name, config) =>
      answer(() => {
        const found = status.destinations.find((destination) => destination.id === id);
        if (!found) throw new Failure('bad_settings', 'there is no such destination');
        const changed = { ...found, name, config, place: placeOf(config) };
        change({
          destinations: status.destinations.map((one) => (one.id === id ? changed : one)),
        });
        return changed;
      }),
    setKeys: (id) =>
      answer(() => {
        const found = status.destinations.find((destination) => destination.id === id);
        if (!found) throw new Failure('bad_settings', 'there is no such destination');
        return { ...found, keys: { kind: 'keyring' as const } };
      }),
    removeDestination: (id) =>
      answer(() =>
        change({
          destinations: status.destinations.filter((destination) => destination.id !== id),
        }),
      ),

    doctor: (id) =>
      answer(() => {
        const report = examined(Date.now());
        change({
          destinations: status.destinations.map((one) =>
            one.id === id ? { ...one, examined: report } : one,
          ),
        });
        return report;
      }),
    compare: () => answer(() => comparison(status.destinations, measuredAt)),
    measure: () =>
      answer(() => {
        measuredAt = Date.now();
        return measuredOf(status.destinations);
      }),
    stopMeasure: () => answer(() => undefined),
    editPrices: () => answer(() => undefined),
    verify: (id) => answer(() => ({ destinations: [verified(id ?? 1, library.total)] })),
    stopVerify: () => answer(() => undefined),
    leftOut: (kind, after, limit) => answer(() => leftOutPage(kind, after ?? 0, limit)),
    link: (id, destination, seconds) =>
      answer(() => ({
        url: `https://minio.home/photos/${id}.jpg?X-Amz-Expires=${seconds}&X-Amz-Signature=0f1e2d`,
        until: Date.now() + seconds * 1000,
        name: library.tile(id).name,
        destination_name: nameOf(status, destination),
      })),
    survey: (config) =>
      answer(() => ({
        library: config.kind !== 's3' || config.bucket !== 'empty',
        photos: 12_345,
        bytes: 48_000_000_000,
        more: false,
      })),
    startRebuild: (destination) =>
      answer(() =>
        change({
          rebuild: { ...rebuilding(status, destination), done: 3_100, total: 12_345 },
        }),
      ),
    stopRebuild: () =>
      answer(() => {
        if (status.rebuild) change({ rebuild: { ...status.rebuild, stage: 'stopped' } });
      }),
    startRestore: (from, to) => answer(() => change({ restore: restoring(status, from, to) })),
    stopRestore: () =>
      answer(() => {
        if (status.restore) change({ restore: { ...status.restore, stage: 'stopped' } });
      }),
    dismissErrands: () => answer(() => change({ rebuild: null, restore: null })),

    copyCard: (id) => answer(() => change(copying(status, id))),
    stopCard: () =>
      answer(() => {
        if (status.card_copy) change({ card_copy: { ...status.card_copy, stage: 'stopped' } });
      }),
    putOffCard: (id) =>
      answer(() => change({ cards: status.cards.filter((card) => card.id !== id) })),
    dismissCardCopy: () => answer(() => change({ card_copy: null })),

    planDrop: (paths) =>
      answer(() => ({
        copy: paths.length === 1 ? 0 : 38,
        already_here: 0,
        folders: paths
          .filter((path) => !path.includes('.'))
          .map((path) => ({
            path,
            photos: 612,
            bytes: 2_400_000_000,
            videos: 3,
            other_files: 0,
            excluded: 0,
            more: false,
            refused: null,
          })),
        not_photos: 0,
        managed_folder: 'Pictures/imgn',
      })),
    dropPaths: (paths, choice) =>
      answer(() => ({
        copied: choice === 'copy' ? 38 : 0,
        already_here: choice === 'copy' ? 4 : 0,
        watched: choice === 'watch' ? [...paths] : [],
        not_photos: 2,
        excluded: 0,
        failed: [],
      })),

    previewPatterns: (_folder, include, exclude) => answer(() => patternsTried(include, exclude)),
    previewKeyTemplate: (template) => answer(() => keysMade(template)),
    places: () => answer(() => PLACES),
    showPlace: () => answer(() => undefined),
    editSettings: () => answer(() => undefined),
    exportSettings: () => answer(() => undefined),
    importSettings: () =>
      answer(() => ({
        settings_changed: true,
        folders: [{ path: '/media/mara/Photos SSD', became: 'added_offline' as const }],
        destinations: [{ id: 2, name: 'nas', became: 'added' as const, needs_keys: true }],
      })),
    pickFile: () => answer(() => '/home/mara/imgn-settings.toml'),
    pickNewFile: (name) => answer(() => `/home/mara/${name}`),
    paste: () => answer(() => null),

    settings: () => answer(() => settings),
    changeSettings: (changed) =>
      answer(() => {
        settings = changed;
        emit({ type: 'settings', settings });
      }),

    pause: (pause) => answer(() => change({ pause })),
    resume: () => answer(() => change({ pause: null })),
    retry: () => answer(() => undefined),
    checkNow: (id) => answer(() => detail(id)),

    pickFolder: () => answer(() => '/home/mara/Holiday 2024'),
    pickFiles: () => answer(() => ['/home/mara/a.jpg', '/home/mara/b.jpg']),

    trying: () => answer(() => trying),
    startTrial: () =>
      answer(() => {
        trying = true;
        change({ first_run: false });
      }),
    endTrial: () =>
      answer(() => {
        trying = false;
        change({ first_run: true });
      }),

    opened: () => answer(() => handed.splice(0)),
    startsAtLogin: () => answer(() => atLogin),
    startAtLogin: (wanted) =>
      answer(() => {
        atLogin = wanted;
      }),
    quit: () => answer(() => undefined),

    thumbUrl: (id) => drawn.picture(id, 320),
    originalUrl: (id) => drawn.picture(id, 2400),

    onEvent: (listener): Unsubscribe => {
      events.add(listener);
      return () => events.delete(listener);
    },
    onDrag: (listener): Unsubscribe => {
      drags.add(listener);
      return () => drags.delete(listener);
    },
    onOpened: (listener): Unsubscribe => {
      hands.add(listener);
      return () => hands.delete(listener);
    },
    hand: (paths) => {
      handed = [...handed, ...paths];
      for (const listener of hands) listener();
    },
    drag: (drag) => {
      for (const listener of drags) listener(drag);
    },
    emit,
  };
  if (typeof window !== 'undefined') Object.assign(window, { fake: backend });
  if (scene.moving) keepMoving(scene, library, () => status, emit);
  return backend;
}

function keepMoving(
  scene: Scene,
  library: drawn.Library,
  status: () => Status,
  emit: (event: Event) => void,
): void {
  const activity = activityOf(scene, library, status());
  let round = 0;
  setInterval(() => {
    round += 1;
    const now = activity.now.map((transfer) => ({
      ...transfer,
      sent: Math.min(transfer.size, transfer.sent + round * 120_000),
    }));
    emit({ type: 'transfers', now });
  }, 400);
}

function copyOf(destination: DestinationView, id: number, scene: Scene): CopyView {
  const state = drawn.stateOf(id, scene);
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

function destinationOf(id: number, name: string, config: DestinationConfig): DestinationView {
  return {
    id,
    name,
    config,
    place: placeOf(config),
    keys: { kind: config.kind === 'folder' ? 'none' : 'keyring' },
    service: serviceOf(config),
    may_be_incomplete: false,
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

function nameOf(status: Status, id: number | null): string {
  return status.destinations.find((destination) => destination.id === id)?.name ?? '';
}

/** A card is on its way from being offered to being copied. */
function copying(status: Status, id: number): Partial<Status> {
  const card = status.cards.find((one) => one.id === id);
  if (!card) throw new Failure('disk_away', 'the card is not there');
  return {
    cards: status.cards.filter((one) => one.id !== id),
    card_copy: {
      name: card.name,
      stage: 'running',
      done: 120,
      total: 330,
      copied: 112,
      already_here: 8,
      not_photos: 0,
      problems: [],
      problem_count: 0,
      reason: null,
    },
  };
}

function rebuilding(status: Status, id: number): RebuildProgress {
  return {
    destination: id,
    destination_name: nameOf(status, id),
    stage: 'running',
    done: 0,
    total: 0,
    by_name: 0,
    reason: null,
  };
}

function restoring(status: Status, from: number | null, folder: string): RestoreProgress {
  return {
    folder,
    destination_name: nameOf(status, from),
    stage: 'running',
    done: 612,
    total: 2000,
    bytes_done: 2_400_000_000,
    bytes: 8_000_000_000,
    restored: 600,
    already_there: 11,
    problems: [
      {
        path: `${folder}/2019/06/IMG_2041 (not as recorded).jpg`,
        reason: {
          code: 'other_bytes',
          detail: '2019/06/IMG_2041.jpg has SHA-256 9f2c…',
          retry_at: null,
        },
      },
    ],
    problem_count: 1,
    reason: null,
  };
}

/** An original is called so, and so are functions. */
function serviceOf(config: DestinationConfig): ServiceKind | null {
  if (config.kind === 's3' || config.kind === 'folder') return null;
  if (config.url.includes('original')) return 'original';
  return config.url.includes('amazonaws') ? 'functions' : 'imgn';
}

/** What a bucket's name says is wrong with it. */
function report(config: DestinationConfig): TestReport {
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
