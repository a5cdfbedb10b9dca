/** A message in the hands of one consumer. */
export interface Delivery<Body> {
  /** The sender's, the same in every delivery and never used for another message: handlers know a repeat by it. */
  readonly id: string;
  readonly body: Body;
  /** Messages of one key go out in order, one at a time; without a key in any order. */
  readonly key?: string;
  /** 1 for the first. The broker counts; it is also the receipt, so a later delivery makes this one stale. */
  readonly deliveries: number;
}

// #region queue
/** The broker's side. It knows who holds what, so consumers need not know of each other. */
export interface WorkQueue<Body> {
  /** Waits for a message and leases it: until `leaseMs` have passed nobody else gets it. @throws the signal's reason */
  receive(leaseMs: number, signal: AbortSignal): Promise<Delivery<Body>>;
  /** These three change nothing, and answer false, when the lease has run out. */
  renew(delivery: Delivery<Body>, leaseMs: number): Promise<boolean>;
  acknowledge(delivery: Delivery<Body>): Promise<boolean>;
  giveBack(delivery: Delivery<Body>, delayMs: number): Promise<boolean>;
}
// #endregion queue

/** The reason that a handler is given when somebody else may have its message: whatever it has not done yet it should leave. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The reason that a handler is given when it has taken longer than it may. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}

/** The reason that a handler is given when its process has to end. */
export class WorkerStoppingError extends Error {
  override readonly name = 'WorkerStoppingError';
}

/** @throws RangeError that says name, rule and value */
export function requireAll(options: Readonly<Record<string, number>>, isRight: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value)) throw new RangeError(`${name} must be ${rule}: current value is ${value}`);
  }
}
