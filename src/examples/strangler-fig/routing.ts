// #region bucket
/**
 * The place of a key between 0 and 1, the same in every process and every release.
 * Keys below the share go to the new system: raising it moves keys one way only,
 * lowering it moves the same ones back. Slices of one `cohort` agree on every key.
 */
export function bucketOf(cohort: string, key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${cohort}\0${key}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
// #endregion bucket

export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be a number from 0 to 1: current value is ${value}`);
}
