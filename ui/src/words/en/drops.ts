/** Dropping photos and folders on the window. */

import type { DropPlan } from '../../backend/types/DropPlan';
import type { DropReport } from '../../backend/types/DropReport';
import type { FolderPreview } from '../../backend/types/FolderPreview';
import { lastPart, name, type Sentence, say, together } from '../sentence';
import { agreeing, count, counted, files, photos } from './amounts';

export const drops = {
  looking: say`Looking at what you hold…`,
  /** `places`: where photos are kept safe; without one nothing goes up. */
  copy: (plan: DropPlan, places: number): Sentence =>
    places === 0
      ? say`Copy ${photos(plan.copy)} to ${name(plan.managed_folder)}`
      : say`Copy ${photos(plan.copy)} to ${name(plan.managed_folder)} and back ${agreeing(plan.copy, 'it', 'them')} up`,
  noPlace: say`No safe place is chosen yet: until one is, photos are on this computer only.`,
  copyFolders: (plan: DropPlan): Sentence => say`Copy into ${name(plan.managed_folder)}`,
  watch: (folders: readonly FolderPreview[]): Sentence => {
    const [only] = folders;
    const inside = folders.reduce((sum, folder) => sum + folder.photos, 0);
    const more = folders.some((folder) => folder.more) ? 'more than ' : '';
    return folders.length === 1 && only
      ? say`Watch ${name(lastPart(only.path))} (${more}${photos(inside)})`
      : say`Watch ${counted(folders.length, 'folder', 'folders')} (${more}${photos(inside)})`;
  },
  watchNote: say`New photos in it are backed up too. Nothing in it is changed.`,
  copyNote: (plan: DropPlan): Sentence =>
    plan.copy > 0
      ? say`${photos(plan.copy)} as they are now. The folder stays as it is.`
      : say`The photos as they are now. The folder stays as it is.`,
  already: (here: number, all: number): Sentence =>
    say`Already in your library: ${count(here)} of ${count(all)}`,
  alreadyToo: (here: number): Sentence =>
    say`${photos(here)} of these are in your library already.`,
  notPhotos: (left: number): Sentence =>
    say`${files(left)} ${agreeing(left, 'is', 'are')} not ${agreeing(left, 'a photo', 'photos')} and ${agreeing(left, 'stays', 'stay')} where ${agreeing(left, 'it is', 'they are')}.`,
  videos: (left: number): Sentence =>
    say`${counted(left, 'video stays where it is', 'videos stay where they are')}: imgn backs up photos.`,
  videosInside: (left: number): Sentence =>
    say`${counted(left, 'video in it is', 'videos in it are')} not backed up.`,
  nothing: say`There are no photos in this`,
  nothingToPaste: say`There is no photo on the clipboard. Copy a file or a picture, then paste it here.`,
  copying: 'Copying',
  working: say`Taking them in…`,

  report: (report: DropReport, places: number): Sentence => {
    const parts: Sentence[] = [];
    const [only] = report.watched;
    if (report.watched.length === 1 && only !== undefined) {
      parts.push(say`${name(lastPart(only))} is watched.`);
    } else if (report.watched.length > 1) {
      parts.push(say`${counted(report.watched.length, 'folder', 'folders')} are watched.`);
    }
    if (report.copied > 0) {
      parts.push(
        places === 0
          ? say`${photos(report.copied)} copied into your library. ${agreeing(report.copied, 'It waits', 'They wait')} for a safe place: choose one in Storage.`
          : say`${photos(report.copied)} copied, and on ${agreeing(report.copied, 'its', 'their')} way up.`,
      );
    }
    if (report.already_here > 0) {
      parts.push(
        say`${photos(report.already_here)} ${agreeing(report.already_here, 'was', 'were')} in your library already.`,
      );
    }
    if (report.videos > 0) {
      parts.push(say`${counted(report.videos, 'video', 'videos')} left out: imgn backs up photos.`);
    }
    if (report.not_photos > 0) {
      parts.push(
        say`${files(report.not_photos)} left out: not ${agreeing(report.not_photos, 'a photo', 'photos')}.`,
      );
    }
    if (report.excluded > 0) parts.push(say`${files(report.excluded)} left out by your patterns.`);
    if (report.failed.length > 0)
      parts.push(say`${files(report.failed.length)} could not be taken in.`);
    if (parts.length === 0) parts.push(say`Nothing to take in.`);
    return together(...parts);
  },
};
