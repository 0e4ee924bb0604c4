/** Dropping photos and folders on the window. */

import type { drops as english } from '../en/drops';
import { lastPart, name, type Sentence, say, together } from '../sentence';
import { agreeing, count, counted, files, photos } from './amounts';

export const drops: typeof english = {
  looking: say`Sehe nach, was du da hast…`,
  copy: (plan, places) =>
    places === 0
      ? say`${photos(plan.copy)} nach ${name(plan.managed_folder)} kopieren`
      : say`${photos(plan.copy)} nach ${name(plan.managed_folder)} kopieren und sichern`,
  noPlace: say`Es ist noch kein Speicherort gewählt: Bis dahin sind Fotos nur auf diesem Rechner.`,
  copyFolders: (plan) => say`In ${name(plan.managed_folder)} kopieren`,
  watch: (folders) => {
    const [only] = folders;
    const inside = folders.reduce((sum, folder) => sum + folder.photos, 0);
    const more = folders.some((folder) => folder.more) ? 'mehr als ' : '';
    return folders.length === 1 && only
      ? say`${name(lastPart(only.path))} beobachten (${more}${photos(inside)})`
      : say`${counted(folders.length, 'Ordner', 'Ordner')} beobachten (${more}${photos(inside)})`;
  },
  watchNote: say`Neue Fotos darin werden auch gesichert. Darin wird nichts verändert.`,
  copyNote: (plan) =>
    plan.copy > 0
      ? say`${photos(plan.copy)}, wie sie jetzt sind. Der Ordner bleibt, wie er ist.`
      : say`Die Fotos, wie sie jetzt sind. Der Ordner bleibt, wie er ist.`,
  already: (here, all) => say`Schon in deiner Bibliothek: ${count(here)} von ${count(all)}`,
  alreadyToo: (here) =>
    say`${photos(here)} davon ${agreeing(here, 'ist', 'sind')} schon in deiner Bibliothek.`,
  notPhotos: (left) =>
    say`${files(left)} ${agreeing(left, 'ist kein Foto und bleibt', 'sind keine Fotos und bleiben')}, wo ${agreeing(left, 'sie ist', 'sie sind')}.`,
  videos: (left) =>
    say`${counted(left, 'Video bleibt, wo es ist', 'Videos bleiben, wo sie sind')}: imgn sichert Fotos.`,
  videosInside: (left) =>
    say`${counted(left, 'Video darin wird', 'Videos darin werden')} nicht gesichert.`,
  nothing: say`Darin sind keine Fotos`,
  nothingToPaste: say`In der Zwischenablage ist kein Foto. Kopiere eine Datei oder ein Bild und füge es dann hier ein.`,
  copying: 'Wird kopiert',
  working: say`Werden aufgenommen…`,

  report: (report, places) => {
    const parts: Sentence[] = [];
    const [only] = report.watched;
    if (report.watched.length === 1 && only !== undefined) {
      parts.push(say`${name(lastPart(only))} wird beobachtet.`);
    } else if (report.watched.length > 1) {
      parts.push(say`${counted(report.watched.length, 'Ordner', 'Ordner')} werden beobachtet.`);
    }
    if (report.copied > 0) {
      parts.push(
        places === 0
          ? say`${photos(report.copied)} in deine Bibliothek kopiert. ${agreeing(report.copied, 'Es wartet', 'Sie warten')} auf einen sicheren Ort: Wähle einen unter Speicherorte.`
          : say`${photos(report.copied)} kopiert und auf dem Weg an ${agreeing(report.copied, 'seinen', 'ihren')} sicheren Ort.`,
      );
    }
    if (report.already_here > 0) {
      parts.push(
        say`${photos(report.already_here)} ${agreeing(report.already_here, 'war', 'waren')} schon in deiner Bibliothek.`,
      );
    }
    if (report.videos > 0) {
      parts.push(
        say`${counted(report.videos, 'Video', 'Videos')} ausgelassen: imgn sichert Fotos.`,
      );
    }
    if (report.not_photos > 0) {
      parts.push(
        say`${files(report.not_photos)} ausgelassen: ${agreeing(report.not_photos, 'kein Foto', 'keine Fotos')}.`,
      );
    }
    if (report.excluded > 0) {
      parts.push(say`${files(report.excluded)} durch deine Muster ausgelassen.`);
    }
    if (report.failed.length > 0) {
      parts.push(
        say`${files(report.failed.length)} ${agreeing(report.failed.length, 'konnte', 'konnten')} nicht aufgenommen werden.`,
      );
    }
    if (parts.length === 0) parts.push(say`Es gab nichts aufzunehmen.`);
    return together(...parts);
  },
};
