// #region hash
/**
 * FNV-1a over UTF-16 code units, then the finalizer of MurmurHash3, so that similar keys end far apart.
 * A whole number from 0 to 2^32 - 1, the same in every process and version: rows are placed by it.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0; // without `>>> 0` half of them are negative
}

/** The number of slots is chosen once, many for each shard that there will ever be. */
export function slotOf(key: string, slots: number): number {
  return hashOf(key) % slots;
}
// #endregion hash

// #region place
/**
 * Rendezvous hashing: each slot goes to the shard with the highest score for it. A new shard
 * takes slots only for itself, about one in n, and no other slot moves.
 * @throws RangeError without shards
 */
export function placeSlots(slots: number, shards: readonly string[]): string[] {
  if (shards.length === 0) throw new RangeError('shards must not be empty');
  const score = (shard: string, slot: number): number => hashOf(`${shard}/${slot}`);
  return Array.from({ length: slots }, (_, slot) =>
    shards.reduce((best, shard) => score(shard, slot) > score(best, slot) ? shard : best));
}
// #endregion place
