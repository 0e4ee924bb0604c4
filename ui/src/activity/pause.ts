/** How long a pause lasts, in Unix milliseconds of this machine. */

const HOUR_MS = 3_600_000;
/** People who say "tomorrow" at one in the night mean the morning that comes. */
const MORNING = 6;

export function anHourFrom(now: number): number {
  return now + HOUR_MS;
}

/** Six in the morning of the next day. */
export function tomorrow(now: number): number {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  return morning.getTime();
}
