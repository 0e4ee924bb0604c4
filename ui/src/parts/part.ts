/** How much of something is done: 0 to 1, and 0 of what is not counted yet. */
export function partOf(done: number, total: number): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}
