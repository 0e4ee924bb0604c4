/** A sentence for every cause, in English. */

import type { Cause } from '../../backend/types/Cause';
import { type About, type CauseWords, causesFrom } from '../causes';
import { name, type Piece, type Sentence, say } from '../sentence';
import { actions } from './actions';
import { agreeing, clock, counted } from './amounts';

/** Of a destination. */
const there = (about: About): Piece =>
  about.destination === null ? 'the destination' : name(about.destination);
const There = (about: About): Piece =>
  about.destination === null ? 'The destination' : name(about.destination);
/** Of a folder. */
const folder = (about: About): Sentence =>
  about.folder === null ? say`This folder` : say`The folder ${name(about.folder)}`;
const theFolder = (about: About): Sentence =>
  about.folder === null ? say`this folder` : say`the folder ${name(about.folder)}`;
const files = (about: About): string => counted(about.count, 'photo', 'photos');
const other = (about: About): string => counted(about.count, 'file', 'files');
const are = (about: About): string => agreeing(about.count, 'is', 'are');

/** Settings are not changed in place: a place is added again, which costs nothing. */
const anew = (how: string): Sentence =>
  say`Remove it in Storage and add it again ${how}; nothing is deleted there.`;

const again = `remove the place in Storage and add it anew. The photos on this computer go up again, and nothing is deleted there.`;

const table: Record<Cause, CauseWords> = {
  unreachable: { happened: (about) => say`${There(about)} does not answer.`, todo: null },
  busy: { happened: (about) => say`${There(about)} is busy and asks for patience.`, todo: null },
  certificate: {
    happened: (about) =>
      say`This machine does not trust the certificate that ${there(about)} shows.`,
    todo: anew('with the file of the authority that signed it'),
  },
  unauthorized: {
    happened: (about) => say`${There(about)} refuses this key.`,
    todo: say`Enter another key.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} needs its key again.`,
    todo: say`A typed key is kept in this system's keyring, if there is one.`,
  },
  forbidden: {
    happened: (about) => say`The key for ${there(about)} has no right to write there.`,
    todo: say`Give it s3:PutObject, or enter another key.`,
  },
  no_access: {
    happened: (about) => say`imgn may not write or read in the folder of ${there(about)}.`,
    todo: say`Allow it there; a disk that is mounted read-only has to be mounted anew.`,
  },
  no_bucket: {
    happened: (about) => say`The bucket of ${there(about)} is not there.`,
    todo: say`Is its name right? If it was removed, so was what was in it: ${again}`,
  },
  wrong_region: {
    happened: (about) => say`${There(about)} lies in another region than its settings say.`,
    todo: anew('with the right region'),
  },
  clock_skew: {
    happened: (about) => say`The clocks of this machine and of ${there(about)} are too far apart.`,
    todo: say`Set this machine's clock, then try again.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} sends imgn to another address, and your key does not follow.`,
    todo: anew('with the address that the store really has'),
  },
  not_mounted: {
    happened: (about) => say`The disk of ${there(about)} is not plugged in or not mounted.`,
    todo: null,
  },
  library_gone: {
    happened: (about) =>
      say`${There(about)} has no imgn library: it was emptied, made anew, or is another one than it was.`,
    todo: say`Nothing is written there now. To use it again: ${again}`,
  },
  wrong_library: {
    happened: (about) => say`What lies at ${there(about)} now is another library.`,
    todo: say`Plug in the right disk, or choose another place in Storage.`,
  },
  destination_full: {
    happened: (about) => say`${There(about)} is full.`,
    todo: say`Make room there, then try again.`,
  },
  bad_key: {
    happened: (about) =>
      say`${There(about)} does not take the name that ${files(about)} would get there.`,
    todo: anew('with other names'),
  },
  bad_settings: {
    happened: (about) => say`The settings of ${there(about)} do not work.`,
    todo: anew('with the right address and bucket'),
  },
  unexpected_answer: {
    happened: (about) => say`${There(about)} gave an answer that imgn does not understand.`,
    todo: null,
  },
  destination_fault: {
    happened: (about) => say`The disk of ${there(about)} reports an error of its own.`,
    todo: say`Look after that disk: it may be failing.`,
  },
  copy_missing: {
    happened: (about) => say`${There(about)} no longer has ${files(about)} that it had.`,
    todo: say`From a file here it goes up again. Without one, put another copy into a watched folder.`,
  },
  copy_damaged: {
    happened: (about) => say`${files(about)} ${are(about)} damaged in ${there(about)}.`,
    todo: say`From a file here it goes up again. Without one, put another copy into a watched folder.`,
  },
  not_backed_up: {
    happened: (about) => say`${There(about)} does not have this photo yet.`,
    todo: say`There can be a link to it when it is safe there.`,
  },
  no_links: {
    happened: (about) => say`${There(about)} is a folder, and gives no links.`,
    todo: say`There are links to photos that are safe in a bucket.`,
  },

  file_changed: {
    happened: (about) => say`${files(about)} changed while going up.`,
    todo: null,
  },
  file_unreadable: {
    happened: (about) => say`${files(about)} cannot be read from this disk.`,
    todo: say`Give yourself the right to read, then try again.`,
  },
  file_gone: {
    happened: (about) =>
      say`${files(about)} ${are(about)} no longer where imgn saw ${agreeing(about.count, 'it', 'them')}.`,
    todo: say`Put back what you want kept; copies that are safe stay safe.`,
  },
  still_being_written: {
    happened: (about) => say`${files(about)} ${are(about)} still being written.`,
    todo: null,
  },
  not_a_photo: {
    happened: (about) => say`${other(about)} ${are(about)} no photos, and not backed up.`,
    todo: null,
  },
  video: {
    happened: (about) => say`${counted(about.count, 'video is', 'videos are')} not backed up.`,
    todo: null,
  },
  empty: {
    happened: (about) => say`${other(about)} ${agreeing(about.count, 'is', 'are')} empty.`,
    todo: null,
  },
  special_file: {
    happened: (about) =>
      say`${other(about)} ${agreeing(about.count, 'is a pipe or a device, not a photo', 'are pipes or devices, not photos')}.`,
    todo: null,
  },
  too_large: {
    happened: (about) => say`${files(about)} ${are(about)} larger than the storage takes.`,
    todo: say`Keep another copy, or use storage that takes larger files.`,
  },
  not_accepted: {
    happened: (about) => say`${files(about)} ${are(about)} not taken by this storage.`,
    todo: say`Keep another copy, or use storage that takes every photo.`,
  },
  unconfirmed: {
    happened: (about) =>
      say`${files(about)} arrived, but nothing confirms what arrived: not backed up.`,
    todo: say`Use storage that can be read back.`,
  },
  not_in_library: {
    happened: () => say`This photo is no longer in the library.`,
    todo: null,
  },
  not_watched: {
    happened: (about) => say`${other(about)} ${are(about)} in no watched folder.`,
    todo: say`Watch the folder in Settings.`,
  },
  excluded: {
    happened: (about) => say`${other(about)} ${are(about)} left out by your patterns.`,
    todo: say`Change the patterns in Settings.`,
  },
  link: {
    happened: (about) =>
      say`${counted(about.count, 'file is a link', 'files are links')} and not followed.`,
    todo: null,
  },
  duplicate: {
    happened: (about) =>
      say`${counted(about.count, 'file has', 'files have')} the bytes of a photo that is here already.`,
    todo: null,
  },
  not_read_yet: {
    happened: (about) => say`${other(about)} ${are(about)} waiting to be read.`,
    todo: null,
  },
  other_bytes: {
    happened: () => say`This photo came back with other bytes than are recorded of it.`,
    todo: say`It is kept under a name that says so; look whether it is whole.`,
  },
  no_thumbnail: {
    happened: (about) => say`No thumbnail can be made of ${files(about)}.`,
    todo: say`It is backed up all the same.`,
  },
  file_exists: {
    happened: () => say`There is a file of this name already, and nothing is replaced.`,
    todo: say`Choose another name.`,
  },

  folder_offline: {
    happened: (about) => say`${folder(about)} is not there now: its disk may not be plugged in.`,
    todo: null,
  },
  folder_unreadable: {
    happened: (about) =>
      say`imgn cannot see what is in ${about.count > 1 ? counted(about.count, 'folder', 'folders') : theFolder(about)}.`,
    todo: say`Photos in there are not backed up. Allow yourself to read it, or leave it out with a pattern, then try again.`,
  },
  disk_away: {
    happened: (about) => say`${files(about)} ${are(about)} on a disk that is not in its place.`,
    todo: say`Plug it in again; nothing of it is lost.`,
  },
  folder_inside_destination: {
    happened: (about) => say`${folder(about)} lies in a place where imgn keeps copies.`,
    todo: say`Choose a folder outside of it.`,
  },
  folder_inside_library: {
    happened: (about) => say`${folder(about)} lies where imgn keeps its own things.`,
    todo: say`Choose a folder outside of it.`,
  },
  folder_not_found: {
    happened: (about) => say`${folder(about)} is not there.`,
    todo: say`Choose another folder.`,
  },
  folder_already_watched: {
    happened: (about) => say`${folder(about)} is watched already.`,
    todo: null,
  },
  folder_unwritable: {
    happened: (about) => say`${folder(about)} cannot be written into.`,
    todo: say`Allow it, or choose another folder.`,
  },

  settings_file: {
    happened: () => say`The settings file has something in it that imgn does not understand.`,
    todo: say`What held before holds until it is mended: in Settings, Open the settings file. Details has the line.`,
  },
  disk_full: {
    happened: () => say`This machine's disk is full.`,
    todo: say`Make room, then try again.`,
  },
  disk_fault: {
    happened: () => say`A disk of this machine reports an error of its own.`,
    todo: say`Look after it soon, and keep another copy of what is on it: it may be failing.`,
  },
  library_in_use: {
    happened: () => say`Another program has this library open.`,
    todo: say`Close the other one, then try again.`,
  },
  library_damaged: {
    happened: () => say`The list of your photos is damaged. The photos themselves are untouched.`,
    todo: say`Try again; if it stays, begin a new library over the same folders and places.`,
  },
  library_unusable: {
    happened: () => say`imgn cannot write into the folder where it keeps the list of your photos.`,
    todo: say`Allow it, then try again. The photos themselves are untouched.`,
  },
  no_library: {
    happened: () => say`There is no library here yet.`,
    todo: say`Choose a folder to watch, and it begins.`,
  },
  paused: { happened: () => say`Paused.`, todo: null },
  already_running: {
    happened: () => say`This is under way already.`,
    todo: say`Wait for its end, or stop it.`,
  },
  stopped: {
    happened: () => say`It was stopped before its end.`,
    todo: say`Begin it again: what was done stays done.`,
  },
  no_destination: {
    happened: () => say`No safe place is chosen yet.`,
    todo: say`Choose where your photos should be safe.`,
  },
  internal: {
    happened: () => say`Something in imgn itself went wrong.`,
    todo: say`Try again. Nothing is lost: every photo stays where it is.`,
  },
};

const ofToken: Partial<Record<Cause, CauseWords>> = {
  unauthorized: {
    happened: (about) => say`${There(about)} refuses this token.`,
    todo: say`Enter another token.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} wants its token.`,
    todo: say`A typed token is kept in this system's keyring, if there is one.`,
  },
  forbidden: {
    happened: (about) => say`${There(about)} does not let imgn do its work.`,
    todo: say`Details has the reason; another token may help.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} sends imgn to another address, and your token does not follow.`,
    todo: anew('with the address that the server really has'),
  },
};

const ofPassword: Partial<Record<Cause, CauseWords>> = {
  unauthorized: {
    happened: (about) => say`${There(about)} refuses this name or password.`,
    todo: say`Enter another password.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} needs your password again.`,
    todo: say`A typed password is kept in this system's keyring, if there is one.`,
  },
  forbidden: {
    happened: (about) => say`Who signs in at ${there(about)} has no right to write there.`,
    todo: say`The role of its identity pool has to allow it; Details has the reason.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} sends imgn to another address, and your password does not follow.`,
    todo: anew('with the address that the store really has'),
  },
};

export const causes = causesFrom({
  causes: table,
  ofSecret: { token: ofToken, password: ofPassword },
  photosWait: (count) => say`${counted(count, 'photo waits', 'photos wait')}; nothing is lost.`,
  wereThere: (count) =>
    say`${counted(count, 'photo is', 'photos are')} not safe: there alone until now, or waiting for it.`,
  theyWait: (count) => say`${agreeing(count, 'It waits', 'They wait')}; nothing is lost.`,
  goesOn: (retryAt) =>
    retryAt === null
      ? say`It goes on by itself.`
      : say`It goes on by itself; the next try is at ${clock(retryAt)}.`,
  enter: { key: actions.enterKey, token: actions.enterToken, password: actions.enterPassword },
  enterAgain: {
    key: actions.enterKeyAgain,
    token: actions.enterTokenAgain,
    password: actions.enterPasswordAgain,
  },
});
