/**
 * A library in memory, with drawn pictures: for building the interface in a plain browser.
 *
 * Never part of the product: it is imported in development only. `?scene=` chooses what it shows.
 */

import { type Backend, type Drag, Failure, type Unsubscribe } from './backend';
import { examined, leftOutPage, verified } from './fake/checks';
import { comparison, measuredOf } from './fake/comparison';
import * as drawn from './fake/drawn';
import { copying, rebuilding, restoring } from './fake/errands';
import { Finding } from './fake/finding';
import { copyOf, destinationOf, nameOf, placeOf, report } from './fake/places';
import { activityOf, type Scene, sceneNamed, statusOf } from './fake/scenes';
import { keysMade, PLACES, patternsTried, SETTINGS } from './fake/settings';
import type { Event } from './types/Event';
import type { FolderView } from './types/FolderView';
import type { PhotoDetail } from './types/PhotoDetail';
import type { Status } from './types/Status';

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
  let settings = SETTINGS;
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
    const placed = status.destinations.map((destination) => copyOf(destination, id, scene));
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
    uploadNow: (selection) => answer(() => finding.ids(selection).length),
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
    copyLinks: (selection, seconds) =>
      answer(() => ({
        links: finding.ids(selection).length,
        until: Date.now() + seconds * 1000,
        without: 0,
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
        videos: 0,
        not_photos: 0,
        managed_folder: 'Pictures/imgn',
      })),
    dropPaths: (paths, choice) =>
      answer(() => ({
        copied: choice === 'copy' ? 38 : 0,
        already_here: choice === 'copy' ? 4 : 0,
        watched: choice === 'watch' ? [...paths] : [],
        videos: 1,
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
    firstPaintUrl: (id) => drawn.picture(id, 40),
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
