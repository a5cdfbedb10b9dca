/** What a look into the shared cache gives. */
export type Look<Value> =
  /** `undefined`: it is known that there is no such thing. */
  | { state: 'hit'; value: Value | undefined }
  /** Nothing is there, and this caller alone may fill the gap. No number comes twice. */
  | { state: 'leased'; lease: number }
  /** Nothing is there, and another caller has the lease. */
  | { state: 'busy' };

/**
 * A cache that all instances share. Each call is one step there, such as a script in Redis. Its client needs timeouts of
 * its own, shorter than a load. Where a call rejects, the cache counts as out of reach.
 */
export interface SharedCache<Value> {
  /** Where nothing is there, gives a lease of `leaseMs` to one caller. */
  look(key: string, leaseMs: number): Promise<Look<Value>>;
  /** @returns false where the lease no longer stands, and nothing was stored */
  keep(key: string, lease: number, value: Value | undefined, ttlMs: number): Promise<boolean>;
  /** Gives a lease back without a value, if it still stands. */
  release(key: string, lease: number): Promise<void>;
  /** Drops the value, and the lease of whoever loads. What is kept under a lease of the next `holdMs` lives no longer than these. */
  forget(key: string, holdMs: number): Promise<void>;
}

/** Why the owner was asked: with a lease, after too long a wait for another's load, or because the cache is out of reach. */
export type Cause = 'leased' | 'impatient' | 'uncached';
export type Occurrence =
  | { type: 'hit' }
  | { type: 'loaded'; as: Cause; durationMs: number }
  | { type: 'load failed'; as: Cause; durationMs: number }
  | { type: 'kept'; ttlMs: number }
  /** The thing was changed during the load, or the lease was shorter than the load. */
  | { type: 'not kept' }
  | { type: 'forgotten' }
  /** During `forget`: the old value may be shown until its time is over. */
  | { type: 'cache failed'; during: 'look' | 'keep' | 'release' | 'forget'; error: unknown };
export type CacheAsideEvent = { cache: string; key: string; atMs: number } & Occurrence;
