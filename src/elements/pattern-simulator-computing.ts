/** The page's end of the worker. */
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Reply, Request, Run } from './simulator-worker.ts';

export class ComputingError extends Error {
  override readonly name = 'ComputingError';
}

export class Computing {
  readonly #example: string;
  readonly #waiting = new Map<number, { resolve: (outcome: Outcome) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #asked = 0;

  constructor(example: string) {
    this.#example = example;
  }

  /** Without a run: makes ready for one. @throws ComputingError with what the example, the scenario or the network said */
  ask(run?: Run): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, example: this.#example, ...(run === undefined ? {} : { run }) } satisfies Request);
    });
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail('it was stopped');
  }

  #start(): Worker {
    const worker = new Worker(new URL('./simulator-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('outcome' in data) waiting?.resolve(data.outcome);
      else waiting?.reject(new ComputingError(data.failure));
    });
    worker.addEventListener('error', (event) => {
      // Prevented: the page says it in its place.
      event.preventDefault();
      this.#worker = undefined;
      this.#fail(event.message || 'the simulation could not be loaded');
    });
    return worker;
  }

  #fail(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new ComputingError(message));
    this.#waiting.clear();
  }
}
