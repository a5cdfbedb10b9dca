/**
 * One row, node or object that several instances want. Each operation is one step in the store, and time runs out by the
 * clock of the store. An epoch is a whole number that belongs to one term of one holder: every later term has a higher one.
 */
export interface LeaseStore {
  /** The epoch of the new term, or undefined: another term runs. */
  acquire(holder: string, leaseMs: number, signal: AbortSignal): Promise<number | undefined>;
  /** True: the term goes on for `leaseMs` from now. False: it is over, for good. */
  renew(epoch: number, leaseMs: number, signal: AbortSignal): Promise<boolean>;
  /** Ends the term of this epoch and no other. */
  release(epoch: number, signal: AbortSignal): Promise<void>;
}

/** What the work of a leader gets. */
export interface Term {
  /** Goes along with every write, for the resource to check. */
  readonly epoch: number;
  /** Aborts when the term is over, as soon as this process runs and notices. */
  readonly signal: AbortSignal;
  /**
   * Ask right before each effect. What it says was true a moment ago: the process may stand still before the effect.
   * @throws LeadershipLostError, or the reason with which `run` was stopped
   */
  assertHeld(): void;
}

/** The term is over, or this process cannot know that it is not. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
  readonly lease: string;
  readonly epoch: number;
  constructor(lease: string, epoch: number) {
    super(`lease '${lease}': term ${epoch} is over`);
    this.lease = lease;
    this.epoch = epoch;
  }
}

/** The resource has seen a later term and wrote nothing. */
export class StaleEpochError extends Error {
  override readonly name = 'StaleEpochError';
  readonly epoch: number;
  constructor(resource: string, epoch: number) {
    super(`'${resource}' refused a write of term ${epoch}: it is over`);
    this.epoch = epoch;
  }
}
