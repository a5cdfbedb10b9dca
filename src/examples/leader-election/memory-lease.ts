import type { Clock } from '../clock.ts';
import type { LeaseStore } from './contract.ts';

/** A lease in memory, for tests and the simulator. What PostgresLease does with one row. */
export class MemoryLease implements LeaseStore {
  readonly #clock: Pick<Clock, 'now'>;
  #epoch = 0;
  #untilMs = -Infinity;
  /** Undefined: nobody, or not any more. */
  holder: string | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async acquire(holder: string, leaseMs: number): Promise<number | undefined> {
    if (this.#untilMs > this.#clock.now()) return undefined;
    this.holder = holder;
    this.#untilMs = this.#clock.now() + leaseMs;
    return ++this.#epoch;
  }

  async renew(epoch: number, leaseMs: number): Promise<boolean> {
    if (epoch !== this.#epoch) return false;
    this.#untilMs = this.#clock.now() + leaseMs;
    return true;
  }

  async release(epoch: number): Promise<void> {
    if (epoch !== this.#epoch) return;
    this.#epoch += 1;
    this.#untilMs = -Infinity;
    this.holder = undefined;
  }
}
