/** The library in this window's own process, over Tauri's IPC. The only module that knows Tauri. */

import { convertFileSrc, type InvokeArgs, invoke, isTauri } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { type Backend, Failure, type Unsubscribe } from './backend';
import type { CommandError } from './types/CommandError';
import type { Event } from './types/Event';

/** Whether this page runs in the app's own window; elsewhere nothing else here may be called. */
export const inWindow: () => boolean = isTauri;

export const tauri: Backend = {
  status: () => call('status'),
  sections: (query) => call('sections', { query }),
  tiles: (query, month, after, limit) => call('tiles', { query, month, after, limit }),
  meaning: (text) => call('meaning', { text }),
  formats: () => call('formats'),
  subfolders: (place) => call('subfolders', { place }),
  photo: (id) => call('photo', { id }),
  locate: (path) => call('locate', { path }),
  activity: () => call('activity'),

  setFavourite: (selection, favourite) => call('set_favourite', { selection, favourite }),
  uploadNow: (selection) => call('upload_now', { selection }),
  saveOriginals: (selection, into) => call('save_originals', { selection, into }),
  copyFiles: (selection) => call('copy_files', { selection }),
  showInFolder: (selection) => call('show_in_folder', { selection }),

  suggestedFolders: () => call('suggested_folders'),
  previewFolder: (path) => call('preview_folder', { path }),
  addFolder: (path) => call('add_folder', { path }),
  removeFolder: (id) => call('remove_folder', { id }),

  testDestination: (config, keys) => call('test_destination', { config, keys }),
  createBucket: (config, keys) => call('create_bucket', { config, keys }),
  addDestination: (name, config, keys) => call('add_destination', { name, config, keys }),
  testChangedDestination: (id, config, keys) =>
    call('test_changed_destination', { id, config, keys }),
  changeDestination: (id, name, config, keys) =>
    call('change_destination', { id, name, config, keys }),
  setKeys: (destination, keys) => call('set_keys', { destination, keys }),
  removeDestination: (id) => call('remove_destination', { id }),
  doctor: (destination) => call('doctor', { destination }),
  compare: () => call('compare'),
  measure: () => call('measure'),
  stopMeasure: () => call('stop_measure'),
  editPrices: () => call('edit_prices'),
  verify: (destination, readPercent) => call('verify', { destination, readPercent }),
  stopVerify: () => call('stop_verify'),

  leftOut: (kind, after, limit) => call('left_out', { kind, after, limit }),

  link: (photo, destination, seconds) => call('link', { photo, destination, seconds }),
  copyLinks: (selection, seconds) => call('copy_links', { selection, seconds }),

  survey: (config, keys) => call('survey', { config, keys }),
  startRebuild: (destination) => call('start_rebuild', { destination }),
  stopRebuild: () => call('stop_rebuild'),
  startRestore: (from, to) => call('start_restore', { from, to }),
  stopRestore: () => call('stop_restore'),
  dismissErrands: () => call('dismiss_errands'),

  copyCard: (card) => call('copy_card', { card }),
  stopCard: () => call('stop_card'),
  putOffCard: (card) => call('put_off_card', { card }),
  dismissCardCopy: () => call('dismiss_card_copy'),

  planDrop: (paths) => call('plan_drop', { paths }),
  dropPaths: (paths, choice) => call('drop_paths', { paths, choice }),
  paste: () => call('paste'),

  settings: () => call('settings'),
  changeSettings: (settings) => call('change_settings', { settings }),
  previewPatterns: (folder, include, exclude) =>
    call('preview_patterns', { folder, include, exclude }),
  previewKeyTemplate: (template) => call('preview_key_template', { template }),
  places: () => call('places'),
  showPlace: (kind) => call('show_place', { kind }),
  editSettings: () => call('edit_settings'),
  exportSettings: (into) => call('export_settings', { into }),
  importSettings: (from) => call('import_settings', { from }),

  pause: (pause) => call('pause', { pause }),
  resume: () => call('resume'),
  retry: () => call('retry'),
  checkNow: (photo) => call('check_now', { photo }),

  pickFolder: () => call('pick_folder'),
  pickFile: () => call('pick_file'),
  pickNewFile: (name) => call('pick_new_file', { name }),
  pickFiles: () => call('pick_files'),

  trying: () => call('trying'),
  startTrial: (safe) => call('start_trial', { safe }),
  endTrial: () => call('end_trial'),

  opened: () => call('opened'),
  startsAtLogin: () => call('starts_at_login'),
  startAtLogin: (wanted) => call('start_at_login', { wanted }),
  quit: () => call('quit'),

  thumbUrl: (id, thumb) => `${pictures()}${id}?v=${encodeURIComponent(thumb)}`,
  firstPaintUrl: (id) => `${pictures()}${id}/first`,
  originalUrl: (id) => `${pictures()}${id}/original`,

  onOpened: (listener) => unsubscribed(listen('opened', () => listener())),

  onEvent: (listener) => unsubscribed(listen<Event>('library', ({ payload }) => listener(payload))),

  onDrag: (listener) =>
    unsubscribed(
      getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === 'leave') {
          listener(payload);
          return;
        }
        const { x, y } = payload.position.toLogical(window.devicePixelRatio);
        if (payload.type === 'over') listener({ type: 'over', x, y });
        else listener({ type: payload.type, paths: payload.paths, x, y });
      }),
    ),
};

/** Linux and macOS write `thumb://localhost/`, Windows `http://thumb.localhost/`. */
function pictures(): string {
  return convertFileSrc('', 'thumb');
}

async function call<Answer>(command: string, args?: InvokeArgs): Promise<Answer> {
  try {
    return await invoke<Answer>(command, args);
  } catch (thrown) {
    if (isCommandError(thrown)) throw new Failure(thrown.code, thrown.detail);
    throw new Failure('internal', String(thrown));
  }
}

function isCommandError(thrown: unknown): thrown is CommandError {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'detail' in thrown;
}

/** Tauri answers a subscription later; ending it earlier must hold too. */
function unsubscribed(pending: Promise<Unsubscribe>): Unsubscribe {
  return () => {
    void pending.then((unsubscribe) => unsubscribe());
  };
}
