import type { Clock } from '../clock.ts';
import type { Backlog, QueueStore, Taken } from './contract.ts';

interface Row<Body> { body: Body; acceptedMs: number; freeAtMs: number; deliveries: number; reason?: string }

/** Keeps messages for as long as the process lives: for tests and simulations, never for what was promised to somebody. */
export class MemoryQueue<Body> implements QueueStore<Body> {
  readonly #clock: Clock;
  /** In order of acceptance. */
  readonly #rows = new Map<string, Row<Body>>();
  readonly #setAside = new Map<string, Row<Body>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was set aside, with the reason. */
  get reasons(): ReadonlyMap<string, string> {
    return new Map([...this.#setAside].map(([id, { reason = '' }]) => [id, reason]));
  }

  async put(id: string, body: Body, places: number): Promise<'stored' | 'known' | 'full'> {
    if (this.#rows.has(id) || this.#setAside.has(id)) return 'known';
    if (this.#rows.size >= places) return 'full';
    const nowMs = this.#clock.now();
    this.#rows.set(id, { body, acceptedMs: nowMs, freeAtMs: nowMs, deliveries: 0 });
    return 'stored';
  }

  async take(leaseMs: number): Promise<Taken<Body> | undefined> {
    const nowMs = this.#clock.now();
    for (const [id, row] of this.#rows) {
      if (row.freeAtMs > nowMs) continue;
      row.freeAtMs = nowMs + leaseMs;
      row.deliveries += 1;
      return { id, body: row.body, deliveries: row.deliveries, ageMs: nowMs - row.acceptedMs };
    }
    return undefined;
  }

  async remove(taken: Taken<Body>): Promise<boolean> {
    return this.#held(taken) !== undefined && this.#rows.delete(taken.id);
  }

  async giveBack(taken: Taken<Body>, delayMs: number): Promise<boolean> {
    const row = this.#held(taken);
    if (row !== undefined) row.freeAtMs = this.#clock.now() + delayMs;
    return row !== undefined;
  }

  async setAside(taken: Taken<Body>, reason: string): Promise<boolean> {
    const row = this.#held(taken);
    if (row !== undefined) this.#setAside.set(taken.id, { ...row, reason });
    return row !== undefined && this.#rows.delete(taken.id);
  }

  async backlog(): Promise<Backlog> {
    return this.backlogNow;
  }

  /** The same at once: who draws a curve cannot wait. */
  get backlogNow(): Backlog {
    const [oldest] = this.#rows.values();
    return { waiting: this.#rows.size, oldestMs: oldest === undefined ? 0 : this.#clock.now() - oldest.acceptedMs };
  }

  /** A later delivery has another number. */
  #held({ id, deliveries }: Taken<Body>): Row<Body> | undefined {
    const row = this.#rows.get(id);
    return row?.deliveries === deliveries ? row : undefined;
  }
}
