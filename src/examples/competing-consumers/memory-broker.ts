import type { Clock } from '../clock.ts';
import { requireAll } from './contract.ts';
import type { Delivery, WorkQueue } from './contract.ts';

/** `free` for the next consumer, in the `hands` of one, or at `rest` until it is free again. */
interface Row<Body> { id: string; body: Body; key?: string; deliveries: number; state: 'free' | 'hands' | 'rest'; timer?: number }
interface Waiter<Body> { leaseMs: number; resolve: (delivery: Delivery<Body>) => void }

/** A broker that leases messages, for tests and simulations: it forgets everything when the process ends. */
export class MemoryBroker<Body> implements WorkQueue<Body> {
  /** Ids of messages that were given out `maxDeliveries` times and never acknowledged. */
  readonly dead: string[] = [];
  readonly #clock: Clock;
  readonly #maxDeliveries: number;
  /** In the order of sending. */
  readonly #rows = new Map<string, Row<Body>>();
  readonly #waiting = new Set<Waiter<Body>>();

  constructor(clock: Clock, maxDeliveries = 5) {
    requireAll({ maxDeliveries }, (count) => Number.isSafeInteger(count) && count > 0, 'a positive integer');
    this.#clock = clock;
    this.#maxDeliveries = maxDeliveries;
  }

  /** Messages that are not acknowledged, those in hand included. */
  get backlog(): number {
    return this.#rows.size;
  }

  /** Stores a message; an id that waits already is not stored again. */
  send(id: string, body: Body, key?: string): void {
    if (this.#rows.has(id)) return;
    this.#rows.set(id, { id, body, ...(key !== undefined && { key }), deliveries: 0, state: 'free' });
    this.#hand();
  }

  receive(leaseMs: number, signal: AbortSignal): Promise<Delivery<Body>> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter<Body> = { leaseMs, resolve: (delivery) => {
        signal.removeEventListener('abort', leave);
        resolve(delivery);
      } };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiter);
      this.#hand();
    });
  }

  async renew(delivery: Delivery<Body>, leaseMs: number): Promise<boolean> {
    return this.#ifHeld(delivery, (row) => this.#lease(row, leaseMs));
  }

  async acknowledge(delivery: Delivery<Body>): Promise<boolean> {
    return this.#ifHeld(delivery, (row) => this.#forget(row));
  }

  async giveBack(delivery: Delivery<Body>, delayMs: number): Promise<boolean> {
    return this.#ifHeld(delivery, (row) => this.#free(row, delayMs));
  }

  // #region hand
  /** The oldest free message for whoever waits longest; a message waits for all earlier ones of its key, in hand or at rest. */
  #hand(): void {
    const busy = new Set<string>();
    for (const row of [...this.#rows.values()]) {
      const [waiter] = this.#waiting;
      if (waiter === undefined) return;
      const isBehind = row.key !== undefined && busy.has(row.key);
      if (row.key !== undefined) busy.add(row.key);
      if (isBehind || row.state !== 'free') continue;
      this.#waiting.delete(waiter);
      row.deliveries += 1;
      this.#lease(row, waiter.leaseMs);
      const { id, body, key, deliveries } = row;
      waiter.resolve({ id, body, ...(key !== undefined && { key }), deliveries });
    }
  }

  /** Only the delivery that is in hand now counts: an older one has another number, and one that was given back is in no hand. */
  #ifHeld({ id, deliveries }: Delivery<Body>, change: (row: Row<Body>) => void): boolean {
    const row = this.#rows.get(id);
    const isHeld = row?.state === 'hands' && row.deliveries === deliveries;
    if (isHeld) change(row);
    return isHeld;
  }
  // #endregion hand

  #lease(row: Row<Body>, leaseMs: number): void {
    this.#stop(row);
    row.state = 'hands';
    row.timer = this.#clock.setTimeout(() => this.#free(row, 0), leaseMs);
  }

  #free(row: Row<Body>, delayMs: number): void {
    if (row.deliveries >= this.#maxDeliveries) {
      this.dead.push(row.id);
      return this.#forget(row);
    }
    this.#stop(row);
    row.state = 'rest';
    row.timer = this.#clock.setTimeout(() => {
      row.state = 'free';
      this.#hand();
    }, delayMs);
  }

  #forget(row: Row<Body>): void {
    this.#stop(row);
    this.#rows.delete(row.id);
    this.#hand(); // the next of its key is free
  }

  #stop({ timer }: Row<Body>): void {
    if (timer !== undefined) this.#clock.clearTimeout(timer);
  }
}
