/** The situations that the fake can show, by name. */

import type { Activity } from '../types/Activity';
import type { Cause } from '../types/Cause';
import type { DestinationView } from '../types/DestinationView';
import type { FolderView } from '../types/FolderView';
import type { Problem } from '../types/Problem';
import type { Status } from '../types/Status';
import type { Library } from './drawn';

export interface Scene {
  readonly name: string;
  readonly photos: number;
  readonly firstRun: boolean;
  readonly offline: boolean;
  readonly broken: boolean;
  readonly moving: boolean;
}

const CALM: Scene = {
  name: 'calm',
  photos: 2000,
  firstRun: false,
  offline: false,
  broken: false,
  moving: false,
};

const SCENES: readonly Scene[] = [
  CALM,
  { ...CALM, name: 'first-run', photos: 0, firstRun: true },
  { ...CALM, name: 'empty', photos: 0 },
  { ...CALM, name: 'offline', offline: true },
  { ...CALM, name: 'problems', moving: true },
  { ...CALM, name: 'broken', broken: true },
  { ...CALM, name: 'card' },
  { ...CALM, name: 'many', photos: 1_000_000 },
];

export function sceneNamed(name: string | null): Scene {
  return SCENES.find((scene) => scene.name === name) ?? CALM;
}

export function statusOf(scene: Scene, photos: number): Status {
  const problems = scene.name === 'problems';
  const going = problems ? 8 : 0;
  const waiting = problems ? 12 : scene.offline ? 8 : 0;
  const needs = problems ? 2 : 0;
  return {
    photos,
    safe: photos - going - waiting - needs,
    going,
    waiting,
    needs_you: needs,
    online_only: 0,
    videos: photos > 0 ? 812 : 0,
    other_files: photos > 0 ? 90 : 0,
    offline: scene.offline,
    pause: null,
    scanning: [],
    bytes_per_second: problems ? 3_100_000 : 0,
    bytes_safe: 48_000_000_000,
    bytes_left: problems ? 96_000_000 : 0,
    seconds_left: problems ? 31 : null,
    last_checked: Date.now() - 180_000,
    folders: scene.firstRun ? [managed(0)] : [folder(photos), managed(photos > 0 ? 214 : 0)],
    destinations: scene.firstRun ? [] : destinations(scene, photos),
    rebuild: null,
    restore: null,
    cards:
      scene.name === 'card'
        ? [
            {
              id: 1,
              name: 'EOS_DIGITAL',
              photos: 312,
              bytes: 4_200_000_000,
              new_at_least: 298,
              videos: 12,
            },
          ]
        : [],
    card_copy: null,
    first_run: scene.firstRun,
    last_run: null,
  };
}

export function activityOf(scene: Scene, library: Library, status: Status): Activity {
  const problems = scene.name === 'problems';
  const names = library.total > 20 ? [1, 2, 3].map((id) => library.tile(id)) : [];
  return {
    now: problems
      ? names.map((tile, index) => ({
          photo: tile.id,
          name: tile.name,
          thumb: tile.thumb,
          destination: 1,
          destination_name: 'photos on nas',
          sent: 1_200_000 + index * 900_000,
          size: 8_400_000,
          bytes_per_second: 1_040_000,
        }))
      : [],
    queued: status.going,
    problems: problems
      ? [
          problem('unauthorized', 2, 'photos on nas', null),
          problem('file_unreadable', 1, null, '/home/mara/Pictures'),
          problem('folder_offline', 12, null, '/media/mara/Photos SSD'),
        ]
      : scene.offline
        ? [problem('unreachable', 8, 'photos on nas', null)]
        : [],
    done_today: [4, 5, 6, 7, 8, 9]
      .filter((id) => id <= library.total)
      .map((id, index) => ({
        photo: id,
        name: library.tile(id).name,
        thumb: library.tile(id).thumb,
        destination_name: 'photos on nas',
        at: Date.now() - index * 340_000,
      })),
    done_today_count: library.total > 0 ? 214 : 0,
  };
}

function problem(
  code: Cause,
  count: number,
  destination: string | null,
  from: string | null,
): Problem {
  const mends = code === 'unreachable' || code === 'folder_offline';
  return {
    reason: {
      code,
      detail: `${code}: request failed with status 403 (InvalidAccessKeyId)`,
      retry_at: mends ? Date.now() + 45_000 : null,
    },
    mends_itself: mends,
    destination: destination === null ? null : 1,
    destination_name: destination,
    folder: from,
    count,
    examples: ['IMG_2041.jpg', 'IMG_2042.jpg'].slice(0, count),
  };
}

function folder(photos: number): FolderView {
  return {
    id: 1,
    path: '/home/mara/Pictures',
    managed: false,
    state: 'watching',
    photos: Math.max(0, photos - 214),
    bytes: 48_000_000_000,
    videos: photos > 0 ? 812 : 0,
    other_files: photos > 0 ? 90 : 0,
    left_out: ['/home/mara/Pictures/imgn'],
    polling: false,
  };
}

function managed(photos: number): FolderView {
  return {
    id: 2,
    path: '/home/mara/Pictures/imgn',
    managed: true,
    state: 'watching',
    photos,
    bytes: photos * 4_000_000,
    videos: 0,
    other_files: 0,
    left_out: [],
    polling: false,
  };
}

function destinations(scene: Scene, photos: number): DestinationView[] {
  const problems = scene.name === 'problems';
  return [
    {
      id: 1,
      name: 'photos on nas',
      config: {
        kind: 's3',
        endpoint: 'https://minio.home:9000',
        bucket: 'photos',
        prefix: '',
        region: null,
        path_style: true,
        ca_file: null,
        profile: null,
        key_template: null,
        layout: 'library' as const,
        cognito: null,
      },
      place: 'photos at minio.home',
      keys: { kind: 'keyring' },
      service: null,
      may_be_incomplete: false,
      gone: false,
      state: problems ? 'needs_you' : scene.offline ? 'offline' : 'ready',
      reason: problems
        ? { code: 'unauthorized', detail: '403 InvalidAccessKeyId', retry_at: null }
        : scene.offline
          ? { code: 'unreachable', detail: 'connection refused', retry_at: Date.now() + 60_000 }
          : null,
      photos,
      bytes: photos * 4_000_000,
      waiting: problems ? 22 : scene.offline ? 8 : 0,
      last_checked: Date.now() - 180_000,
      last_verified: Date.now() - 86_400_000 * 3,
      examined: null,
    },
    ...(problems
      ? [
          {
            id: 2,
            name: 'Photos SSD',
            config: {
              kind: 'folder' as const,
              path: '/media/mara/Photos SSD',
              key_template: null,
              layout: 'library' as const,
            },
            place: '/media/mara/Photos SSD',
            keys: { kind: 'none' as const },
            service: null,
            may_be_incomplete: false,
            gone: false,
            state: 'ready' as const,
            reason: null,
            photos,
            bytes: photos * 4_000_000,
            waiting: 0,
            last_checked: Date.now() - 600_000,
            last_verified: null,
            examined: null,
          },
        ]
      : []),
  ];
}
