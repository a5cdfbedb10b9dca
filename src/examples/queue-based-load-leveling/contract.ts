/** A message in the hands of a worker. */
export interface Taken<Body> {
  /** The caller's. Handlers know a repeat by it. */
  readonly id: string;
  readonly body: Body;
  /** 1 for the first. The store counts, so that a worker which dies of a message cannot forget it; also the receipt. */
  readonly deliveries: number;
  /** Time from its acceptance to this delivery. */
  readonly ageMs: number;
}

export interface Backlog {
  /** Accepted and not done, those in hand included, those set aside not. */
  waiting: number;
  /** Age of the oldest of them; 0 if there is none. */
  oldestMs: number;
}

// #region store
/** Where messages wait. What `put` has stored must survive the process, or "accepted" is a lie. */
export interface QueueStore<Body> {
  /** A known id is not stored again, whether there is a place or not. An id is known until its message is removed: then the handler has to know it. */
  put(id: string, body: Body, places: number): Promise<'stored' | 'known' | 'full'>;
  /** The oldest that is free, for `leaseMs`; then it is free again. */
  take(leaseMs: number): Promise<Taken<Body> | undefined>;
  /** These three do nothing, and answer false, when the lease was lost. */
  remove(taken: Taken<Body>): Promise<boolean>;
  giveBack(taken: Taken<Body>, delayMs: number): Promise<boolean>;
  setAside(taken: Taken<Body>, reason: string): Promise<boolean>;
  backlog(): Promise<Backlog>;
}
// #endregion store

/** Not accepted: as much waits as can be done in the time that is promised. Nothing was stored, and a repeat is harmless. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  readonly queue: string;
  /** Spread, so that those who are refused together do not return together. */
  readonly retryAfterMs: number;

  constructor(queue: string, places: number, retryAfterMs: number) {
    super(`queue '${queue}' is full: ${places} wait already; try again in ${Math.ceil(retryAfterMs)} ms`);
    this.queue = queue;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown by a handler: another try would end the same way. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

/** The handler took as long as the lease allows. Its signal has been aborted; if it goes on all the same, its work may be done twice. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}

/** @throws RangeError that says name, rule and value */
export function requireAll(options: Readonly<Record<string, number>>, isRight: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value)) throw new RangeError(`${name} must be ${rule}: current value is ${value}`);
  }
}
