import { Fifo } from './fifo.ts';
import type { Simulation } from './simulation.ts';

/** The queue is full; the work was not begun. */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
}

/** The process is down: nothing answers, or the work that was going on is lost. */
export class ServiceDownError extends Error {
  override readonly name = 'ServiceDownError';
}

/** Told once how the work ended: done, or the error that ended it. */
type End = (error?: ServiceBusyError | ServiceDownError) => void;

interface Job { remainingMs: number; priority: number; end: End; timer: number; sinceMs: number; beganMs: number }

export interface ServiceOptions {
  /** Requests that are worked on at the same time. */
  workers: number;
  /** Requests that may wait; without a bound when left out. */
  queue?: number;
  /** Who is next among those of equal priority; first in, first out when left out. */
  discipline?: 'fifo' | 'lifo';
}

export interface ServeOptions {
  /** A whole number from 0; lower is served first, but never by sending away what waits or runs. 0 when left out. */
  priority?: number;
  /** The caller's word that it no longer needs the answer: frees place or worker at once. Without it the work goes on. */
  signal?: AbortSignal;
}

/**
 * A service with a number of workers and a queue. Work goes on although its caller has left: that is how overload feeds itself.
 * All workers share one speed, which `stall`, `slowDown` and `resume` change; work that has begun keeps what is done of it.
 */
export class Service {
  readonly #simulation: Simulation;
  readonly #options: Required<ServiceOptions>;
  /** By priority. */
  readonly #waiting: Fifo<Job>[] = [];
  readonly #running = new Set<Job>();
  #queued = 0;
  #speed = 1;
  #down = false;
  #busyMs = 0;

  constructor(simulation: Simulation, options: ServiceOptions) {
    this.#simulation = simulation;
    this.#options = { queue: Infinity, discipline: 'fifo', ...options };
  }

  get busy(): number {
    return this.#running.size;
  }

  get queued(): number {
    return this.#queued;
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
   * @param durationMs what the work takes at full speed
   * @throws ServiceBusyError or ServiceDownError, at once or when the process crashes under the work; the reason of `signal`
   */
  serve(durationMs: number, { priority = 0, signal }: ServeOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = (): void => {
        this.#simulation.settles();
        this.#forget(job);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      const job = this.#take(durationMs, priority, (error) => {
        this.#simulation.settles();
        signal?.removeEventListener('abort', leave);
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** As `serve`, but tells a callback, at once if the work is refused. Much cheaper where no promise waits; see `Simulation.schedule`. */
  submit(durationMs: number, end: End, priority = 0): void {
    this.#take(durationMs, priority, end);
  }

  /** The process dies: all work is lost, and until `restart` every request is refused. */
  crash(): void {
    this.#down = true;
    const lost = [...this.#running, ...this.#waiting.flatMap((queue) => queue.drain())];
    this.#running.clear();
    this.#queued = 0;
    for (const job of lost) {
      this.#simulation.clearTimeout(job.timer);
      job.end(new ServiceDownError('the connection was reset'));
    }
  }

  /** A new process takes requests again, at full speed. */
  restart(): void {
    this.#down = false;
    this.resume();
  }

  /** The process hangs: requests are taken, workers stay busy, and nothing is finished until `resume`. */
  stall(): void {
    this.#setSpeed(0);
  }

  /** All work takes `factor` times as long from now on, what is left of the running work included. */
  slowDown(factor: number): void {
    this.#setSpeed(1 / factor);
  }

  /** Full speed again. */
  resume(): void {
    this.#setSpeed(1);
  }

  #take(durationMs: number, priority: number, end: End): Job {
    if (!Number.isInteger(priority) || priority < 0) throw new RangeError(`priority must be a whole number from 0: current value is ${priority}`);
    const job: Job = { remainingMs: durationMs, priority, end, timer: 0, sinceMs: 0, beganMs: 0 };
    if (this.#down) end(new ServiceDownError('connection refused'));
    else if (this.#running.size < this.#options.workers) this.#start(job);
    else if (this.#queued < this.#options.queue) {
      while (this.#waiting.length <= priority) this.#waiting.push(new Fifo());
      this.#waiting[priority]?.push(job);
      this.#queued += 1;
    } else end(new ServiceBusyError('the queue is full'));
    return job;
  }

  #start(job: Job): void {
    this.#running.add(job);
    job.beganMs = this.#simulation.now();
    this.#time(job);
  }

  #time(job: Job): void {
    job.sinceMs = this.#simulation.now();
    if (this.#speed > 0) job.timer = this.#simulation.schedule(job.remainingMs / this.#speed, () => this.#finish(job));
  }

  #finish(job: Job): void {
    this.#busyMs += this.#simulation.now() - job.beganMs;
    this.#free(job);
    job.end();
  }

  #free(job: Job): void {
    this.#running.delete(job);
    if (this.#queued === 0) return;
    this.#queued -= 1;
    let priority = 0;
    while (this.#waiting[priority]?.length === 0) priority++;
    const queue = this.#waiting[priority];
    const next = this.#options.discipline === 'fifo' ? queue?.shift() : queue?.pop();
    if (next !== undefined) this.#start(next);
  }

  #forget(job: Job): void {
    this.#simulation.clearTimeout(job.timer);
    if (this.#running.has(job)) this.#free(job);
    else if (this.#waiting[job.priority]?.remove(job)) this.#queued -= 1;
  }

  #setSpeed(speed: number): void {
    for (const job of this.#running) {
      this.#simulation.clearTimeout(job.timer);
      job.remainingMs = Math.max(0, job.remainingMs - (this.#simulation.now() - job.sinceMs) * this.#speed);
    }
    this.#speed = speed;
    for (const job of this.#running) this.#time(job);
  }
}
