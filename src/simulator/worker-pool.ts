import { Fifo } from './fifo.ts';
import { ServiceBusyError } from './service.ts';
import type { Simulation } from './simulation.ts';

/** The threads of a caller: a task holds one until it ends, however long it waits for others. First come, first served. */
export class WorkerPool {
  readonly #simulation: Simulation;
  readonly #workers: number;
  readonly #queue: number;
  readonly #waiting = new Fifo<() => void>();
  #busy = 0;

  /** @param queue tasks that may wait for a worker; without a bound when left out */
  constructor(simulation: Simulation, workers: number, queue = Infinity) {
    this.#simulation = simulation;
    this.#workers = workers;
    this.#queue = queue;
  }

  get busy(): number {
    return this.#busy;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /** @throws ServiceBusyError when the queue is full, or whatever the task throws */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#busy < this.#workers) this.#busy += 1;
    else if (this.#waiting.length >= this.#queue) throw new ServiceBusyError('all workers are busy and the queue is full');
    // The worker is handed over, so the number of busy ones does not change in between.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      this.#simulation.settles();
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }
}
