/** How long a pause lasts, in Unix milliseconds of this machine. The tray's own is `src-tauri/src/pausing.rs`. */

const HOUR_MS = 3_600_000;
const MORNING = 6;
/** Who says "tomorrow" at one in the night means the morning that comes. */
const NIGHT_ENDS = 4;

export function anHourFrom(now: number): number {
  return now + HOUR_MS;
}

/** Six in the next morning. */
export function tomorrow(now: number): number {
  const morning = new Date(now);
  if (morning.getHours() >= NIGHT_ENDS) morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  return morning.getTime();
}
