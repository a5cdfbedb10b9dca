import type { Clock } from '../clock.ts';
import type { Broker, Delivery, Message } from './contract.ts';

interface Row { message: Message<unknown>; sentMs: number; deliveries: number; state: 'free' | 'hands' | 'rest'; timer?: number }
interface Waiter { leaseMs: number; resolve: (delivery: Delivery<unknown>) => void }
interface Channel { rows: Row[]; waiting: Set<Waiter> }

/** A broker for tests and simulations: it forgets everything when the process ends. */
export class MemoryBroker implements Broker {
  /** Messages that nobody received before their time was over. */
  expired = 0;
  readonly #clock: Clock;
  readonly #channels = new Map<string, Channel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Messages of a channel that are not acknowledged, those in hand included. */
  backlog(channel: string): number {
    return this.#channel(channel).rows.length;
  }

  async send(name: string, message: Message<unknown>): Promise<void> {
    const channel = this.#channel(name);
    channel.rows.push({ message, sentMs: this.#clock.now(), deliveries: 0, state: 'free' });
    this.#hand(channel);
  }

  receive(name: string, leaseMs: number, signal: AbortSignal): Promise<Delivery<unknown>> {
    const channel = this.#channel(name);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        channel.waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = { leaseMs, resolve: (delivery) => {
        signal.removeEventListener('abort', leave);
        resolve(delivery);
      } };
      signal.addEventListener('abort', leave, { once: true });
      channel.waiting.add(waiter);
      this.#hand(channel);
    });
  }

  async acknowledge(name: string, delivery: Delivery<unknown>): Promise<boolean> {
    const channel = this.#channel(name);
    return this.#ifHeld(channel, delivery, (row) => channel.rows.splice(channel.rows.indexOf(row), 1));
  }

  async giveBack(name: string, delivery: Delivery<unknown>, delayMs: number): Promise<boolean> {
    const channel = this.#channel(name);
    return this.#ifHeld(channel, delivery, (row) => this.#rest(channel, row, delayMs));
  }

  #channel(name: string): Channel {
    const channel = this.#channels.get(name) ?? { rows: [], waiting: new Set() };
    this.#channels.set(name, channel);
    return channel;
  }

  /** The oldest free message for whoever waits longest. */
  #hand(channel: Channel): void {
    const nowMs = this.#clock.now();
    const isOver = ({ message: { ttlMs = Infinity }, sentMs, state }: Row): boolean => state === 'free' && nowMs - sentMs >= ttlMs;
    const kept = channel.rows.filter((row) => !isOver(row));
    this.expired += channel.rows.length - kept.length;
    channel.rows = kept;
    for (const row of kept) {
      const [waiter] = channel.waiting;
      if (waiter === undefined) return;
      if (row.state !== 'free') continue;
      channel.waiting.delete(waiter);
      row.deliveries += 1;
      row.state = 'hands';
      row.timer = this.#clock.setTimeout(() => this.#rest(channel, row, 0), waiter.leaseMs);
      waiter.resolve({ message: row.message, deliveries: row.deliveries });
    }
  }

  #ifHeld(channel: Channel, { message, deliveries }: Delivery<unknown>, change: (row: Row) => void): boolean {
    const row = channel.rows.find((each) => each.message === message);
    const isHeld = row?.state === 'hands' && row.deliveries === deliveries;
    if (isHeld) {
      this.#clock.clearTimeout(row.timer!);
      change(row);
    }
    return isHeld;
  }

  #rest(channel: Channel, row: Row, delayMs: number): void {
    row.state = 'rest';
    row.timer = this.#clock.setTimeout(() => {
      row.state = 'free';
      this.#hand(channel);
    }, delayMs);
  }
}
