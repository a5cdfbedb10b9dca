import { Fifo } from './fifo.ts';
import type { Latency } from './latency.ts';
import type { RandomStream } from './random-stream.ts';
import type { Simulation } from './simulation.ts';

export interface LinkOptions {
  /** Time from sending to arrival. */
  latency: Latency;
  /** Share of messages that never arrive, from 0 to 1. None when left out. */
  loss?: number;
  /** Share of messages that arrive twice. None when left out. */
  duplication?: number;
  /** Share of messages that keep no order: they may overtake and be overtaken. None when left out. */
  reordering?: number;
  /** Name of the stream of random numbers; give each link its own. */
  stream?: string;
}

/** One direction of a network between two places. Tells nobody what became of a message: neither would a network. */
export class Link {
  readonly #simulation: Simulation;
  readonly #options: Required<LinkOptions>;
  readonly #random: RandomStream;
  readonly #inOrder = new Fifo<() => void>();
  #isCut = false;
  #lastArrivalMs = 0;
  #sent = 0;
  #delivered = 0;

  constructor(simulation: Simulation, options: LinkOptions) {
    this.#simulation = simulation;
    this.#options = { loss: 0, duplication: 0, reordering: 0, stream: 'link', ...options };
    this.#random = simulation.stream(this.#options.stream);
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Arrivals, of duplicates too. */
  get delivered(): number {
    return this.#delivered;
  }

  /**
   * Calls `deliver` when the message arrives: never, once or twice.
   * @param random draws for this message, for example those of one request; those of the link when left out. Always the same number of draws, so moving one share leaves all else as it was
   */
  send(deliver: () => void, random = this.#random): void {
    const { latency, loss, duplication, reordering } = this.#options;
    this.#sent += 1;
    const isLost = random.chance(loss);
    const isTwice = random.chance(duplication);
    const isOrdered = !random.chance(reordering);
    const [firstMs, secondMs] = [latency(random), latency(random)];
    if (isLost || this.#isCut) return;
    this.#arrive(firstMs, isOrdered, deliver);
    if (isTwice) this.#arrive(secondMs, false, deliver);
  }

  /** A partition: until `heal` nothing leaves and nothing arrives; what would arrive in between is lost. */
  cut(): void {
    this.#isCut = true;
  }

  heal(): void {
    this.#isCut = false;
  }

  #arrive(afterMs: number, isOrdered: boolean, deliver: () => void): void {
    const now = this.#simulation.now();
    let waitMs = afterMs;
    if (isOrdered) {
      waitMs = Math.max(waitMs, this.#lastArrivalMs - now);
      this.#lastArrivalMs = now + waitMs;
      this.#inOrder.push(deliver);
    }
    this.#simulation.setTimeout(() => {
      // Whichever is due takes the oldest, so that the last bit of a sum cannot change the order.
      const arrived = isOrdered ? this.#inOrder.shift() : deliver;
      if (this.#isCut || arrived === undefined) return;
      this.#delivered += 1;
      arrived();
    }, waitMs);
  }
}
