import type { Simulation } from './simulation.ts';

/** The queue is full; the work was not begun. */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
}

/** The process is down: nothing answers, or the work that was going on is lost. */
export class ServiceDownError extends Error {
  override readonly name = 'ServiceDownError';
}

interface Job { durationMs: number; resolve: () => void; reject: (error: unknown) => void; timer: number; startedMs: number }

export interface ServiceOptions {
  /** Requests that are worked on at the same time. */
  workers: number;
  /** Requests that may wait; without a bound when left out. */
  queue?: number;
  /** Who is next; first in, first out when left out. */
  discipline?: 'fifo' | 'lifo';
}

/** A service with a number of workers and a queue. Work goes on although its caller has left: that is how overload feeds itself. */
export class Service {
  readonly #simulation: Simulation;
  readonly #options: Required<ServiceOptions>;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Job>();
  #down = false;
  #stalled = false;
  #busyMs = 0;

  constructor(simulation: Simulation, options: ServiceOptions) {
    this.#simulation = simulation;
    this.#options = { queue: Infinity, discipline: 'fifo', ...options };
  }

  get busy(): number {
    return this.#running.size;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  get isDown(): boolean {
    return this.#down;
  }

  /** Time that workers have spent on finished work, added up over workers. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /**
   * Resolves when the work is done.
   * @throws ServiceBusyError or ServiceDownError, at once or when the process crashes under the work
   */
  serve(durationMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const job: Job = { durationMs, resolve, reject, timer: 0, startedMs: 0 };
      if (this.#down) reject(new ServiceDownError('connection refused'));
      else if (this.#running.size < this.#options.workers) this.#start(job);
      else if (this.#waiting.length < this.#options.queue) this.#waiting.push(job);
      else reject(new ServiceBusyError('the queue is full'));
    });
  }

  /** The process dies: all work is lost, and until `restart` every request is refused. */
  crash(): void {
    this.#down = true;
    this.#simulation.settles();
    for (const job of [...this.#running, ...this.#waiting]) {
      this.#simulation.clearTimeout(job.timer);
      job.reject(new ServiceDownError('the connection was reset'));
    }
    this.#running.clear();
    this.#waiting.length = 0;
  }

  restart(): void {
    this.#down = false;
  }

  /** The process hangs: requests are taken and nothing is finished until `resume`. Work begun before starts anew then. */
  stall(): void {
    this.#stalled = true;
    for (const job of this.#running) this.#simulation.clearTimeout(job.timer);
  }

  resume(): void {
    this.#stalled = false;
    for (const job of this.#running) this.#time(job);
  }

  #start(job: Job): void {
    this.#running.add(job);
    if (!this.#stalled) this.#time(job);
  }

  #time(job: Job): void {
    job.startedMs = this.#simulation.now();
    job.timer = this.#simulation.schedule(job.durationMs, () => {
      this.#simulation.settles();
      this.#running.delete(job);
      this.#busyMs += this.#simulation.now() - job.startedMs;
      const next = this.#options.discipline === 'fifo' ? this.#waiting.shift() : this.#waiting.pop();
      if (next !== undefined) this.#start(next);
      job.resolve();
    });
  }
}
