/** Threads for judges, so that what takes long runs beside everything else. A judge stays loaded in a thread that once asked it. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What a file in `judges/` exports as `judging`. */
export type Judge<Verdict> = (text: string) => Verdict | Promise<Verdict>;

export interface Asked { judge: string; texts: readonly string[] }
export type Told = { verdicts: unknown[] } | { failure: string };

interface Job extends Asked { resolve: (verdicts: unknown[]) => void; reject: (error: Error) => void }
interface Thread { worker: Worker; /** The addresses of judges that it has loaded. */ loaded: Set<string>; job: Job | undefined }

/** Long enough to be worth a message, short enough that no thread works for long when the others have nothing left. */
const lettersAtOnce = 100_000;

export class JudgeThreads {
  readonly #threads: Thread[] = [];
  readonly #size: number;
  readonly #waiting: Job[] = [];

  constructor(size = Math.min(4, Math.max(2, availableParallelism()))) {
    this.#size = size;
  }

  /** In the order of the texts. @throws what the judge threw, as its message */
  async judge<Verdict>(judge: URL, texts: readonly string[]): Promise<Verdict[]> {
    const parts = await Promise.all(portions(texts).map((part) => this.#ask(judge, part)));
    return parts.flat() as Verdict[];
  }

  /** Starts a thread for each, before anybody knows what it will be asked. */
  prepare(...judges: readonly URL[]): void {
    for (const judge of judges) void this.#ask(judge, []).catch(() => undefined);
  }

  #ask(judge: URL, texts: readonly string[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ judge: judge.href, texts, resolve, reject });
      this.#assign();
    });
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#threads.find(({ job }) => job === undefined) ?? this.#started();
      if (thread === undefined) return;
      const job = this.#nextFor(thread);
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      thread.job = job;
      thread.loaded.add(job.judge);
      thread.worker.ref();
      thread.worker.postMessage({ judge: job.judge, texts: job.texts } satisfies Asked);
    }
  }

  /** What nobody has begun comes first, since it may be long and cannot be shared; then what the thread has loaded already. */
  #nextFor({ loaded }: Thread): Job {
    const begun = new Set(this.#threads.flatMap((thread) => [...thread.loaded]));
    const job = this.#waiting.find(({ judge }) => !begun.has(judge)) ?? this.#waiting.find(({ judge }) => loaded.has(judge)) ?? this.#waiting[0];
    if (job === undefined) throw new RangeError('no job waits');
    return job;
  }

  #started(): Thread | undefined {
    if (this.#threads.length >= this.#size) return undefined;
    const thread: Thread = { worker: new Worker(new URL('./judges/thread.ts', import.meta.url), { execArgv: [] }), loaded: new Set(), job: undefined };
    thread.worker.on('message', (told: Told) => {
      const job = this.#freed(thread);
      if ('verdicts' in told) job?.resolve(told.verdicts);
      else job?.reject(new Error(told.failure));
      this.#assign();
    });
    thread.worker.on('error', (error) => this.#lost(thread, error instanceof Error ? error : new Error(String(error))));
    thread.worker.on('exit', (code) => this.#lost(thread, new Error(`a thread of judges ended without verdicts (exit code ${code})`)));
    this.#threads.push(thread);
    return thread;
  }

  /** A thread without a job keeps no process alive. */
  #freed(thread: Thread): Job | undefined {
    const { job } = thread;
    thread.job = undefined;
    thread.worker.unref();
    return job;
  }

  #lost(thread: Thread, error: Error): void {
    const index = this.#threads.indexOf(thread);
    if (index >= 0) this.#threads.splice(index, 1);
    this.#freed(thread)?.reject(error);
    this.#assign();
  }
}

/** Those of the whole process. */
export const judgeThreads = new JudgeThreads();

function portions(texts: readonly string[]): string[][] {
  const parts: string[][] = [];
  let letters = 0;
  for (const text of texts) {
    if (parts.length === 0 || letters > lettersAtOnce) {
      parts.push([]);
      letters = 0;
    }
    parts.at(-1)?.push(text);
    letters += text.length;
  }
  return parts;
}
