import type { Connection, ConsumerGroup, Delivery } from './consumer-group.ts';
import type { Simulation } from './simulation.ts';

/** The process of a consumer died under its work. */
export class ConsumerCrashError extends Error {
  override readonly name = 'ConsumerCrashError';
}

export interface ConsumerOptions<Body> {
  /** Messages that are worked on at the same time. 1 when left out. */
  parallel?: number;
  /** How long a message rests after its handler has thrown. 0 when left out. */
  retryDelayMs?: number;
  /** Told of every throw of the handler, before the message goes back. */
  onFailure?: (error: unknown, delivery: Delivery<Body>) => void;
}

/** One process of a group: takes a message, works on it, acknowledges it; goes on with the next. Idle until `start`. */
export class Consumer<Body> {
  readonly #simulation: Simulation;
  readonly #group: ConsumerGroup<Body>;
  readonly #handle: (delivery: Delivery<Body>, signal: AbortSignal) => Promise<void>;
  readonly #options: ConsumerOptions<Body>;
  #process: { connection: Connection<Body>; death: AbortController; loops: Promise<void>[] } | undefined;
  #busy = 0;

  /** @param handle acknowledged when it resolves, given back when it throws; its signal aborts when the process dies */
  constructor(simulation: Simulation, group: ConsumerGroup<Body>, handle: (delivery: Delivery<Body>, signal: AbortSignal) => Promise<void>, options: ConsumerOptions<Body> = {}) {
    this.#simulation = simulation;
    this.#group = group;
    this.#handle = handle;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#process !== undefined;
  }

  /** Messages under work. */
  get busy(): number {
    return this.#busy;
  }

  start(): void {
    if (this.#process !== undefined) return;
    const [connection, death] = [this.#group.connect(), new AbortController()];
    const loops = Array.from({ length: this.#options.parallel ?? 1 }, () => this.#loop(connection, death.signal));
    this.#process = { connection, death, loops };
  }

  /** Ends in good order: takes nothing new, resolves when what is in hand is settled or the process has died. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    process.connection.stop();
    await Promise.all(process.loops);
    if (this.#process !== process) return;
    process.connection.close();
    this.#process = undefined;
  }

  /**
   * The process dies: what it has in hand is not acknowledged, even if the work was done.
   * @param isNoticed whether the broker sees it at once, by the broken connection; else the visibility must run out
   */
  crash(isNoticed = true): void {
    const process = this.#process;
    if (process === undefined) return;
    this.#process = undefined;
    this.#busy = 0;
    this.#simulation.settles();
    if (isNoticed) process.connection.close();
    else process.connection.vanish();
    process.death.abort(new ConsumerCrashError('the process died'));
  }

  async #loop(connection: Connection<Body>, signal: AbortSignal): Promise<void> {
    for (;;) {
      const delivery = await connection.receive().catch(() => undefined);
      if (delivery === undefined || signal.aborted) return;
      this.#busy += 1;
      const failure = await this.#attempt(delivery, signal);
      if (signal.aborted) return;
      this.#busy -= 1;
      if (failure === undefined) delivery.ack();
      else delivery.nack(this.#options.retryDelayMs);
    }
  }

  async #attempt(delivery: Delivery<Body>, signal: AbortSignal): Promise<{ error: unknown } | undefined> {
    try {
      await this.#handle(delivery, signal);
      return undefined;
    } catch (error) {
      if (!signal.aborted) this.#options.onFailure?.(error, delivery);
      return { error };
    }
  }
}
