/**
 * What the interface asks of a library, wherever that library is.
 *
 * A *gallery* is what can be looked at: in the window and in a browser alike. A *backend* is the library
 * on this computer behind the window, a *visit* the gallery that a browser has from an HTTP API: what one
 * of them alone can do, the other does not have.
 *
 * **Invariant:** every method rejects with a `Failure` and nothing else, so the interface switches
 * on its code and never on text.
 */

import type { Activity } from './types/Activity';
import type { Cause } from './types/Cause';
import type { Comparison } from './types/Comparison';
import type { DestinationConfig } from './types/DestinationConfig';
import type { DestinationView } from './types/DestinationView';
import type { DoctorReport } from './types/DoctorReport';
import type { DropChoice } from './types/DropChoice';
import type { DropPlan } from './types/DropPlan';
import type { DropReport } from './types/DropReport';
import type { Event } from './types/Event';
import type { FolderPlace } from './types/FolderPlace';
import type { FolderPreview } from './types/FolderPreview';
import type { FolderView } from './types/FolderView';
import type { Format } from './types/Format';
import type { ImportReport } from './types/ImportReport';
import type { KeyPreview } from './types/KeyPreview';
import type { LeftOut } from './types/LeftOut';
import type { LeftOutFile } from './types/LeftOutFile';
import type { LinksReport } from './types/LinksReport';
import type { Meaning } from './types/Meaning';
import type { MeasureReport } from './types/MeasureReport';
import type { PatternPreview } from './types/PatternPreview';
import type { Pause } from './types/Pause';
import type { PhotoDetail } from './types/PhotoDetail';
import type { PhotoLink } from './types/PhotoLink';
import type { Place } from './types/Place';
import type { PlaceKind } from './types/PlaceKind';
import type { Query } from './types/Query';
import type { SaveReport } from './types/SaveReport';
import type { Section } from './types/Section';
import type { Selection } from './types/Selection';
import type { Settings } from './types/Settings';
import type { Status } from './types/Status';
import type { Survey } from './types/Survey';
import type { TestReport } from './types/TestReport';
import type { Tile } from './types/Tile';
import type { TimelinePlace } from './types/TimelinePlace';
import type { TypedKeys } from './types/TypedKeys';
import type { VerifyReport } from './types/VerifyReport';

/** Something dragged over the window from outside. Positions are CSS pixels. */
export type Drag =
  | {
      readonly type: 'enter';
      readonly paths: readonly string[];
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'over'; readonly x: number; readonly y: number }
  | {
      readonly type: 'drop';
      readonly paths: readonly string[];
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'leave' };

/** Ends a subscription. */
export type Unsubscribe = () => void;

export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly code: Cause,
    /** The technical text, for *Details* only. */
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** The gallery, or whoever stands before it, wants a pause between so many requests. */
export class TooOften extends Failure {
  constructor(
    detail: string,
    /** How long it is to be waited; null: it was not said. */
    readonly seconds: number | null,
  ) {
    super('busy', detail);
  }
}

/** What went wrong, whatever was thrown. */
export function failure(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure('internal', String(thrown));
}

/** What can be looked at. */
export interface Gallery {
  sections(query: Query): Promise<Section[]>;
  tiles(query: Query, month: string | null, after: string | null, limit: number): Promise<Tile[]>;
  /** How a search is understood. */
  meaning(text: string): Promise<Meaning>;
  photo(id: number): Promise<PhotoDetail>;

  /** Where the thumbnail's bytes are; the address changes when they do. Null: they are still being brought. */
  thumbUrl(id: number, thumb: string): string | null;
  /** Where a coarse picture of a photo is whose thumbnail is still to be made. Null: here there is none. */
  firstPaintUrl(id: number): string | null;
  /** Where the picture at its own size is. Null: it is still being brought. */
  originalUrl(id: number): string | null;
}

/** The library on this computer. */
export interface Backend extends Gallery {
  status(): Promise<Status>;
  formats(): Promise<Format[]>;
  /** Names of the folders right below a place. */
  subfolders(place: FolderPlace): Promise<string[]>;
  /** Where the photo with a file's bytes stands; null: it is not in the timeline (yet). */
  locate(path: string): Promise<TimelinePlace | null>;
  activity(): Promise<Activity>;

  setFavourite(selection: Selection, favourite: boolean): Promise<void>;
  /** Answers of how many the original is still to go. */
  uploadNow(selection: Selection): Promise<number>;
  saveOriginals(selection: Selection, into: string): Promise<SaveReport>;
  /** Puts the files that are on this machine on the clipboard; answers how many. */
  copyFiles(selection: Selection): Promise<number>;
  /** Shows the first file that is on this machine where it lies; false: none is. */
  showInFolder(selection: Selection): Promise<boolean>;

  suggestedFolders(): Promise<string[]>;
  previewFolder(path: string): Promise<FolderPreview>;
  addFolder(path: string): Promise<FolderView>;
  removeFolder(id: number): Promise<void>;

  testDestination(config: DestinationConfig, keys: TypedKeys | null): Promise<TestReport>;
  createBucket(config: DestinationConfig, keys: TypedKeys | null): Promise<void>;
  addDestination(
    name: string,
    config: DestinationConfig,
    keys: TypedKeys | null,
  ): Promise<DestinationView>;
  /** The same for a destination that is described anew, with its own keys unless others are given. */
  testChangedDestination(
    id: number,
    config: DestinationConfig,
    keys: TypedKeys | null,
  ): Promise<TestReport>;
  /** Describes a destination anew: the same library must be there. */
  changeDestination(
    id: number,
    name: string,
    config: DestinationConfig,
    keys: TypedKeys | null,
  ): Promise<DestinationView>;
  setKeys(destination: number, keys: TypedKeys): Promise<DestinationView>;
  removeDestination(id: number): Promise<void>;
  /** Asks one by one what a destination does. */
  doctor(destination: number): Promise<DoctorReport>;
  /** The places side by side; asks nobody. */
  compare(): Promise<Comparison>;
  /** Asks every place some 30 times how long it takes. */
  measure(): Promise<MeasureReport>;
  stopMeasure(): Promise<void>;
  /** Opens the table of prices, which is made if it is not there. */
  editPrices(): Promise<void>;
  /** Goes over every copy there, and reads a share of them back (0 to 100). */
  verify(destination: number | null, readPercent: number): Promise<VerifyReport>;
  stopVerify(): Promise<void>;

  /** Files that are not backed up for what they are, page by page. */
  leftOut(kind: LeftOut, after: number | null, limit: number): Promise<LeftOutFile[]>;

  /** A link that shows a photo to whoever has it, for some seconds, up to seven days. */
  link(photo: number, destination: number, seconds: number): Promise<PhotoLink>;
  /** Puts such links to at most 500 photos on the clipboard, one a line. */
  copyLinks(selection: Selection, seconds: number): Promise<LinksReport>;

  /** Counts the photos of a library that is somewhere, changing nothing there. */
  survey(config: DestinationConfig, keys: TypedKeys | null): Promise<Survey>;
  /** What was begun goes on by itself; the status says how far it is. */
  startRebuild(destination: number): Promise<void>;
  stopRebuild(): Promise<void>;
  /** From one destination, or from all. */
  startRestore(from: number | null, to: string): Promise<void>;
  stopRestore(): Promise<void>;
  /** Takes what an ended rebuild or restore said out of sight. */
  dismissErrands(): Promise<void>;

  /** Begins to copy what is on a card that the status offers; the status says how far it is. */
  copyCard(card: number): Promise<void>;
  stopCard(): Promise<void>;
  /** It is not offered again until it was pulled out. */
  putOffCard(card: number): Promise<void>;
  /** Takes what a copying that ended said out of sight. */
  dismissCardCopy(): Promise<void>;

  planDrop(paths: readonly string[]): Promise<DropPlan>;
  dropPaths(paths: readonly string[], choice: DropChoice): Promise<DropReport>;
  /** Takes in what lies on the clipboard; null: neither files nor a picture. */
  paste(): Promise<DropReport | null>;

  settings(): Promise<Settings>;
  changeSettings(settings: Settings): Promise<void>;
  /** What patterns would do in one watched folder, after those of all, or in every one. */
  previewPatterns(
    folder: string | null,
    include: readonly string[],
    exclude: readonly string[],
  ): Promise<PatternPreview>;
  /** What a template would call the person's own photos. */
  previewKeyTemplate(template: string): Promise<KeyPreview>;
  /** Where imgn keeps what on this computer. */
  places(): Promise<Place[]>;
  showPlace(kind: PlaceKind): Promise<void>;
  /** Opens the settings file, which is made if it is not there. */
  editSettings(): Promise<void>;
  exportSettings(into: string): Promise<void>;
  importSettings(from: string): Promise<ImportReport>;

  pause(pause: Pause): Promise<void>;
  resume(): Promise<void>;
  retry(): Promise<void>;
  checkNow(photo: number): Promise<PhotoDetail>;

  /** None when the person chose nothing. */
  pickFolder(): Promise<string | null>;
  pickFile(): Promise<string | null>;
  /** A file that is to be written. */
  pickNewFile(name: string): Promise<string | null>;
  /** Empty when the person chose nothing. */
  pickFiles(): Promise<string[]>;

  /** Whether this window shows sample photos that are tried out. */
  trying(): Promise<boolean>;
  /** Shows a library of sample photos from now on; its safe place has this name. */
  startTrial(safe: string): Promise<void>;
  /** Removes all of the trial, and shows the person's own library again. */
  endTrial(): Promise<void>;

  /** Photos that were handed over from outside, each told once. */
  opened(): Promise<string[]>;
  startsAtLogin(): Promise<boolean>;
  startAtLogin(wanted: boolean): Promise<void>;
  /** Ends the app, also where closing its window would not. */
  quit(): Promise<void>;

  onEvent(listener: (event: Event) => void): Unsubscribe;
  onDrag(listener: (drag: Drag) => void): Unsubscribe;
  /** Something was handed over: `opened` tells what. */
  onOpened(listener: () => void): Unsubscribe;
}

/** What became of a file that a browser sent. */
export interface Sent {
  readonly key: string;
  /** The same bytes were there before. */
  readonly duplicate: boolean;
}

/** How much of the gallery is known. */
export interface Known {
  readonly photos: number;
  /** Photos among them whose metadata was not read yet. */
  readonly coming: number;
  readonly state: 'reading' | 'read' | 'signed-out' | 'broken';
  /** Why no more of it can be had. */
  readonly failure: Failure | null;
}

/** The gallery behind an HTTP API, as a browser has it. */
export interface Visit extends Gallery {
  /** Reads the list anew; ends when all of it is known, or no more can be had. */
  read(): Promise<void>;
  /** Rejects with `unauthorized` when it is another token. */
  signIn(token: string): Promise<void>;
  signOut(): Promise<void>;
  /** How long a session does: thirty days, or until the tab is closed. */
  readonly lasts: 'days' | 'tab';
  /** Whether there is a session to end. */
  signedIn(): boolean;
  /** `moved` tells how many bytes are up. */
  send(file: File, moved: (bytes: number) => void): Promise<Sent>;
  /** The photo as it is: where a link to it saves it, or its bytes where a link would not. */
  original(id: number): Promise<string | Blob>;
  /** What a file is called that is saved from here. */
  nameOf(id: number): string;
  /** Which photos are chosen. */
  chosen(selection: Selection): readonly number[];
  onKnown(listener: (known: Known) => void): Unsubscribe;
  onMonths(listener: (months: readonly (string | null)[]) => void): Unsubscribe;
}
