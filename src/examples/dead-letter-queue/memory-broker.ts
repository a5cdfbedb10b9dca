import type { Clock } from '../clock.ts';
import type { DeadLetter, DeadLetters, Delivery, Message, Queue } from './contract.ts';

interface Row<Body> { message: Message<Body>; deliveries: number; state: 'free' | 'hands' | 'rest'; timer?: number }
interface Waiter<Body> { leaseMs: number; resolve: (delivery: Delivery<Body>) => void }

/** A broker that counts deliveries, for tests and simulations: it forgets everything when the process ends. */
export class MemoryBroker<Body> implements Queue<Body> {
  readonly name: string;
  readonly #clock: Clock;
  /** In the order of sending; what is given back keeps its place. */
  readonly #rows = new Map<string, Row<Body>>();
  readonly #waiting = new Set<Waiter<Body>>();

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  /** Messages that are not acknowledged, those in hand included. */
  get backlog(): number {
    return this.#rows.size;
  }

  /** Stores a message, with no deliveries yet; an id that waits already is not stored again. */
  send(id: string, body: Body, redrives = 0): void {
    if (this.#rows.has(id)) return;
    this.#rows.set(id, { message: { id, body, redrives }, deliveries: 0, state: 'free' });
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

  async acknowledge(delivery: Delivery<Body>): Promise<boolean> {
    return this.#ifHeld(delivery, (row) => {
      this.#clock.clearTimeout(row.timer!);
      this.#rows.delete(row.message.id);
    });
  }

  async giveBack(delivery: Delivery<Body>, delayMs: number): Promise<boolean> {
    return this.#ifHeld(delivery, (row) => this.#rest(row, delayMs));
  }

  /** The oldest free message for whoever waits longest. */
  #hand(): void {
    for (const row of this.#rows.values()) {
      const [waiter] = this.#waiting;
      if (waiter === undefined) return;
      if (row.state !== 'free') continue;
      this.#waiting.delete(waiter);
      row.deliveries += 1;
      row.state = 'hands';
      row.timer = this.#clock.setTimeout(() => this.#rest(row, 0), waiter.leaseMs);
      waiter.resolve({ message: row.message, deliveries: row.deliveries });
    }
  }

  #ifHeld({ message, deliveries }: Delivery<Body>, change: (row: Row<Body>) => void): boolean {
    const row = this.#rows.get(message.id);
    const isHeld = row?.state === 'hands' && row.deliveries === deliveries;
    if (isHeld) change(row);
    return isHeld;
  }

  #rest(row: Row<Body>, delayMs: number): void {
    this.#clock.clearTimeout(row.timer!);
    const free = (): void => {
      row.state = 'free';
      this.#hand();
    };
    if (delayMs <= 0) return free();
    row.state = 'rest';
    row.timer = this.#clock.setTimeout(free, delayMs);
  }
}

/** Keeps letters for as long as the process lives: for tests and simulations. */
export class MemoryDeadLetters<Body> implements DeadLetters<Body> {
  readonly #letters = new Map<string, DeadLetter<Body>>();

  get size(): number {
    return this.#letters.size;
  }

  async put(letter: DeadLetter<Body>): Promise<void> {
    this.#letters.delete(letter.message.id);
    this.#letters.set(letter.message.id, letter);
  }

  async list(): Promise<readonly DeadLetter<Body>[]> {
    return [...this.#letters.values()];
  }

  async remove({ message: { id, redrives } }: DeadLetter<Body>): Promise<boolean> {
    return this.#letters.get(id)?.message.redrives === redrives && this.#letters.delete(id);
  }
}
