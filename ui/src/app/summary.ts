/** The one sentence that is true of the whole library now, and the state's shape before it. */

import type { Stage } from '../backend/types/Stage';
import type { Status } from '../backend/types/Status';
import { secretOf } from '../storage/config';
import { words } from '../words';
import { type Sentence, say } from '../words/sentence';

/** What the shape before the sentence shows. */
export type Tone = 'safe' | 'going' | 'waiting' | 'needs-you' | 'offline';

export interface Summary {
  readonly tone: Tone;
  readonly sentence: Sentence;
  /** Speed and time left, while bytes move. */
  readonly rate: string | null;
}

/** Files on their way into the managed folder. */
export interface Copying {
  readonly done: number;
  readonly total: number;
}

/** Whether there may still be a status where there is none. */
export type Opening = 'going-on' | 'failed';

export function summary(
  status: Status | null,
  copying: Copying | null,
  now: number,
  opening: Opening = 'going-on',
): Summary {
  if (!status) {
    return opening === 'failed'
      ? quiet('needs-you', words.frame.notOpened)
      : quiet('waiting', words.frame.starting);
  }
  if (copying) return quiet('going', words.frame.copying(copying.done, copying.total));
  const errand = underWay(status);
  if (errand) return quiet('going', errand);
  if (status.first_run) return quiet('waiting', words.frame.firstRun);

  const left = status.going + status.waiting + status.needs_you;
  if (status.destinations.length === 0 && status.photos > 0) {
    return quiet('needs-you', words.frame.noDestination(status.photos));
  }
  const keyless = status.destinations.filter(({ reason }) => reason?.code === 'no_credentials');
  const stuck = status.destinations.filter(({ state }) => state === 'needs_you');
  if (keyless.length > 0 && stuck.length > keyless.length) {
    return quiet('needs-you', words.frame.placesNeedYou(stuck.map(({ name }) => name)));
  }
  if (keyless.length > 0) {
    const waiting = Math.max(...keyless.map((destination) => destination.waiting));
    const places = keyless.map((destination) => destination.name);
    const secrets = new Set(keyless.map(({ config }) => secretOf(config)));
    const secret = secrets.size === 1 ? ([...secrets][0] ?? null) : null;
    return quiet('needs-you', words.frame.secretsAgain(places, secret, waiting));
  }
  if (status.offline) return quiet('offline', words.frame.offline(left));
  if (status.pause) return quiet('waiting', words.frame.paused(status.pause.until, left, now));
  if (left > 0) {
    const moves = status.going > 0;
    return {
      tone: tone(status),
      sentence: tally(status),
      rate: moves ? rate(status) : null,
    };
  }

  if (stuck.length > 0) {
    return quiet('needs-you', words.frame.placesNeedYou(stuck.map(({ name }) => name)));
  }
  const [reading] = status.scanning;
  if (reading !== undefined) return quiet('going', words.frame.reading(reading, status.photos));
  if (status.photos === 0) {
    return status.online_only > 0
      ? quiet('safe', words.frame.onlineOnly(status.online_only))
      : quiet('waiting', words.frame.noPhotos);
  }
  const places = status.destinations.map((destination) => destination.name);
  const { safe, online_only: online, last_checked: checked } = status;
  return quiet(
    'safe',
    online > 0
      ? words.frame.allHereSafe(safe, online, places, checked, now)
      : words.frame.allSafe(safe, places, checked, now),
  );
}

/** A rebuild, a restore or a card's copying, which a person waits for. */
function underWay({ rebuild, restore, card_copy }: Status): Sentence | null {
  if (rebuild && runs(rebuild)) {
    return words.errands.rebuilding(rebuild.destination_name, rebuild.done, rebuild.total);
  }
  if (restore && runs(restore)) {
    return words.errands.restoring(restore.folder, restore.done, restore.total);
  }
  if (card_copy && runs(card_copy)) {
    return words.cards.copying(card_copy.name, card_copy.done, card_copy.total);
  }
  return null;
}

/** Whether it has not ended. */
export function runs({ stage }: { readonly stage: Stage }): boolean {
  return stage === 'listing' || stage === 'running';
}

function quiet(tone: Tone, sentence: Sentence): Summary {
  return { tone, sentence, rate: null };
}

function tone(status: Status): Tone {
  if (status.needs_you > 0) return 'needs-you';
  return status.going > 0 ? 'going' : 'waiting';
}

/** `12,345 safe · 8 going up · 2 need you`; what is none is not said, but for what is safe. */
function tally({ safe, going, waiting, needs_you }: Status): Sentence {
  const parts = [words.frame.safe(safe)];
  if (going > 0) parts.push(words.frame.going(going));
  if (waiting > 0) parts.push(words.frame.waiting(waiting));
  if (needs_you > 0) parts.push(words.frame.needYou(needs_you));
  return say`${parts.join(' · ')}`;
}

function rate(status: Status): string | null {
  if (status.bytes_per_second < 1) return null;
  const upload = words.frame.upload(status.bytes_per_second);
  return status.seconds_left === null
    ? upload
    : `${upload} · ${words.frame.timeLeft(status.seconds_left)}`;
}
