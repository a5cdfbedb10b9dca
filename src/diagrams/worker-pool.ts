import { Worker } from 'node:worker_threads';
import { DiagramError } from './diagram-error.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-protocol.ts';

/** Longest time for one diagram. Ours take under a second; the first also waits for Mermaid to load, on a machine that may be busy. */
const LIMIT_MS = 60_000;

export type Finished = Extract<WorkerAnswer, { drawing: unknown }>;

/** Worker threads, started when there is work and invisible to the event loop when there is none. */
export class WorkerPool {
  readonly #size: number;
  readonly #idleMs: number;
  readonly #jobs = new Map<Worker, Job | undefined>();
  readonly #queue: Job[] = [];
  readonly #resting = new Map<Worker, NodeJS.Timeout>();

  /** @param idleMs a thread without work ends after so long, and gives its memory back */
  constructor(size: number, idleMs = Infinity) {
    this.#size = size;
    this.#idleMs = idleMs;
  }

  get threads(): number {
    return this.#jobs.size;
  }

  run(request: WorkerRequest): Promise<Finished> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#assign();
    });
  }

  /** Whoever still waits is told: a promise that never settles would hang the dev server when it restarts. */
  async close(): Promise<void> {
    const workers = [...this.#jobs.keys()];
    const waiting = [...this.#jobs.values(), ...this.#queue.splice(0)];
    for (const timer of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
    this.#jobs.clear();
    for (const job of waiting) {
      clearTimeout(job?.timer);
      job?.reject(new DiagramError('drawing was stopped before the diagram was finished'));
    }
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #assign(): void {
    const job = this.#queue[0];
    const worker = job && (this.#idle() ?? this.#start());
    if (!worker) return;
    this.#queue.shift();
    clearTimeout(this.#resting.get(worker));
    this.#resting.delete(worker);
    job.timer = setTimeout(() => this.#discard(worker, `drawing took more than ${LIMIT_MS / 1000} s`), LIMIT_MS);
    this.#jobs.set(worker, job);
    worker.ref();
    worker.postMessage(job.request);
  }

  #idle(): Worker | undefined {
    return [...this.#jobs].find(([, job]) => !job)?.[0];
  }

  #start(): Worker | undefined {
    if (this.#jobs.size >= this.#size) return undefined;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (answer: WorkerAnswer) => this.#finish(worker, answer));
    worker.on('error', (cause) => this.#discard(worker, `the drawing thread failed: ${String(cause)}`, cause));
    worker.on('exit', () => this.#discard(worker, 'the drawing thread ended before the diagram was drawn'));
    this.#jobs.set(worker, undefined);
    return worker;
  }

  #finish(worker: Worker, answer: WorkerAnswer): void {
    const job = this.#jobs.get(worker);
    if (!job) return;
    clearTimeout(job.timer);
    this.#jobs.set(worker, undefined);
    worker.unref();
    if (this.#idleMs < Infinity) this.#resting.set(worker, setTimeout(() => this.#discard(worker, 'the drawing thread had nothing to do'), this.#idleMs).unref());
    if ('drawing' in answer) job.resolve(answer);
    else job.reject(new DiagramError(answer.failure.message, answer.failure.place));
    this.#assign();
  }

  #discard(worker: Worker, message: string, cause?: unknown): void {
    const job = this.#jobs.get(worker);
    if (!this.#jobs.delete(worker)) return;
    this.#resting.delete(worker);
    clearTimeout(job?.timer);
    void worker.terminate();
    job?.reject(new DiagramError(message, undefined, { cause }));
    this.#assign();
  }
}

interface Job {
  readonly request: WorkerRequest;
  readonly resolve: (finished: Finished) => void;
  readonly reject: (error: DiagramError) => void;
  timer?: NodeJS.Timeout;
}
