/** The page's end of the worker. */
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Reply, Request } from './simulator-worker.ts';

export class ComputingError extends Error {
  override readonly name = 'ComputingError';
}

export class Computing {
  readonly #address: string;
  readonly #waiting = new Map<number, { resolve: (outcome: Outcome) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #asked = 0;

  /** @param address of the worker */
  constructor(address: string) {
    this.#address = address;
  }

  /** Resolves when the worker is there. @throws ComputingError with what the network said */
  begin(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve, reject });
      this.#worker = this.#start();
    });
  }

  /** @throws ComputingError with what the example, the scenario or the network said */
  ask(question: Omit<Request, 'id'>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, ...question } satisfies Request);
    });
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail('it was stopped');
  }

  #start(): Worker {
    const worker = new Worker(this.#address, { type: 'module' });
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
