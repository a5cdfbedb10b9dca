import type { Random } from '../clock.ts';
import type { SingleFlight } from './request-coalescing.ts';

/** Shared by all processes, for example Redis; must not throw, since a cache is a help and no condition. */
export interface SharedCache<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value, ttlMs: number): Promise<void>;
}

export interface ReadThrough<Value> {
  cache: SharedCache<Value>;
  flights: SingleFlight<Value>;
  load: (key: string, signal: AbortSignal) => Promise<Value>;
  ttlMs: number;
  /** Entries live up to this share shorter, so that those which were loaded together do not end together. 0 to 1. */
  spread: number;
  random: Random;
}

// #region read
/** From the cache, or from one load for all that miss together. Failures are not kept. */
export async function readThrough<Value>(
  key: string,
  { cache, flights, load, ttlMs, spread, random }: ReadThrough<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  const cached = await cache.get(key);
  if (cached !== undefined) return cached;
  return flights.run(key, async (shared) => {
    // Between our look and this moment an earlier flight may have landed.
    const landed = await cache.get(key);
    if (landed !== undefined) return landed;
    const value = await load(key, shared.signal);
    // Forgotten meanwhile: this value is from before the write that made somebody forget it.
    // Awaited, so that the key is free only when the next one finds the value.
    if (shared.isCurrent()) await cache.set(key, value, ttlMs * (1 - spread * random()));
    return value;
  }, signal);
}
// #endregion read
