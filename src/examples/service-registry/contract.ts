import type { Clock, Random } from '../clock.ts';

/** One running copy of a service. `id` must differ from that of any other copy that may run at the same time. */
export interface Instance { service: string; id: string; address: string }

/** `token` tells this registration from any other with the same id. The registry decides how long a lease is. */
export interface Lease { readonly service: string; readonly id: string; readonly token: string; readonly leaseMs: number }

/** `version` differs whenever the list may differ. It can be compared for equality and for nothing else. */
export interface Listing { version: string; instances: readonly Instance[] }

/** What both ends speak. Over a network each call must reject when its signal aborts, as `fetch` does. */
export interface RegistryPort {
  /** The same id again replaces the earlier registration, whose lease is lost. */
  register(instance: Instance, signal?: AbortSignal): Promise<Lease>;
  /** @throws LeaseLostError */
  renew(lease: Lease, signal?: AbortSignal): Promise<void>;
  /** Does nothing for a lease that is lost, so a late one cannot take out a newer registration. */
  deregister(lease: Lease, signal?: AbortSignal): Promise<void>;
  /** Answers as soon as the list is another one than `since`, or after some time with the same; at once without `since`. */
  watch(service: string, since?: string, signal?: AbortSignal): Promise<Listing>;
}

export interface ServiceRegistryOptions {
  /** How long an instance may be silent. A dead one stays listed for up to this, `sweepMs` and the pause of who asks. */
  leaseMs?: number;
  /** Pause between two looks at what has lapsed. */
  sweepMs?: number;
  /** If more than this share lapses within `lapseWindowMs`, none of it is believed; 1 believes everything. */
  maxLapsedShare?: number;
  /** Fewer lapses than this are believed whatever their share is: one crash among four is no network fault. */
  minLapsed?: number;
  lapseWindowMs?: number;
  /** What has lapsed for longer than this is taken out even so; Infinity waits for a person. */
  maxOverdueMs?: number;
  /** After a start nothing is told for this long, since nothing is known: a lease gives every instance the time to register again. */
  warmUpMs?: number;
  /** A question whose answer has not changed is answered after this time all the same. */
  maxWaitMs?: number;
  maxInstances?: number;
  maxWatchers?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: RegistryEvent) => void;
}

export type RegistryOccurrence =
  | { type: 'registered' | 'deregistered' | 'expired'; service: string; id: string }
  /** `lapsed` of `known` are overdue or were taken out for it lately. */
  | { type: 'preserving'; on: boolean; lapsed: number; known: number };
export type RegistryEvent = { atMs: number } & RegistryOccurrence;

/** Told to the holder. `expired`: register again. `replaced`: somebody else has registered with this id. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly reason: 'expired' | 'replaced';

  constructor({ service, id }: { service: string; id: string }, reason: LeaseLostError['reason']) {
    super(`the lease of '${id}' of '${service}' is lost: ${reason}`);
    this.reason = reason;
  }
}

/** The registry has just started and knows only a part. */
export class RegistryStartingError extends Error {
  override readonly name = 'RegistryStartingError';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`the registry does not know all instances yet: ask again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Refused by the registry to bound its memory. */
export class RegistryFullError extends Error { override readonly name = 'RegistryFullError'; }

/** The registry did not answer its client in time. */
export class RegistryTimeoutError extends Error { override readonly name = 'RegistryTimeoutError'; }

/** The client has never heard of any list of this service. */
export class NothingKnownError extends Error { override readonly name = 'NothingKnownError'; }

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireDelay(name: string, value: number, least = 1): void {
  if (!(value >= least && value <= longestMs)) throw new RangeError(`${name} must be between ${least} and ${longestMs}: current value is ${value}`);
}
