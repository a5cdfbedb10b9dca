import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

export interface Process {
  readonly name: string;
  /** Runs until the work is done or `stop` aborts; a rejection is a crash. */
  run(stop: AbortSignal): Promise<void>;
}

export interface Helper extends Process {
  /** Whether it can be used by now; asked after each start until it says so. A throw means: not yet, and so does an answer that takes longer than `askEveryMs`. */
  isUp(): boolean | Promise<boolean>;
}

/** `killed`: nobody waits for it any more; on a platform the process is ended by force. */
export type UnitEvent =
  | { readonly type: 'started' | 'up' | 'stopping' | 'ended' | 'killed'; readonly process: string }
  | { readonly type: 'restarting'; readonly process: string; readonly nextMs: number };

/** `stopped`: on order. `killed`: the main process was still running when the time for stopping was over. */
export type Outcome = 'completed' | 'failed' | 'stopped' | 'killed' | 'not started';

export interface UnitOptions {
  readonly main: Process;
  /** In the order in which they start; they stop in reverse. */
  readonly helpers: readonly Helper[];
  /** Time for one helper to come up. */
  readonly startMs: number;
  readonly askEveryMs: number;
  /** From the order to stop until whatever still runs is killed; main process and helpers share it. */
  readonly graceMs: number;
  /** Pause before a helper that has ended is started again; it doubles from the first to the second. */
  readonly restartMs: readonly [first: number, most: number];
  /** Must not throw. */
  readonly onEvent?: (event: UnitEvent) => void;
  readonly clock?: Clock;
}

interface Kept { readonly helper: Helper; readonly stop: AbortController; readonly cameUp: Promise<void>; readonly ended: Promise<unknown>; isUp: boolean }

/**
 * One service and its helpers, as Kubernetes runs a pod with sidecar containers: helpers come up first and go last,
 * are started again while the service runs, and do not keep it alive when its work is done.
 */
export class Unit {
  readonly #options: Required<UnitOptions>;
  readonly #kept: Kept[] = [];
  #isMainUp = false;

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: UnitOptions) {
    const { startMs, askEveryMs, graceMs, restartMs: [firstMs, mostMs] } = options;
    for (const [name, value] of Object.entries({ startMs, askEveryMs, graceMs, firstMs, mostMs })) if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
    this.#options = { onEvent: () => {}, clock: systemClock, ...options };
  }

  /** Whether traffic should come here: the service runs, was not told to stop, and each helper came up and has not ended since. */
  get isReady(): boolean {
    return this.#isMainUp && this.#kept.every(({ isUp }) => isUp);
  }

  // #region run
  async run(stop: AbortSignal): Promise<Outcome> {
    const { helpers, main, graceMs, clock } = this.#options;
    for (const helper of helpers) {
      const kept = this.#keep(helper);
      this.#kept.push(kept);
      if (!(await this.#comesUp(kept, stop))) return this.#endHelpers(stop.aborted ? 'stopped' : 'not started', clock.now() + graceMs);
    }
    this.#tell('started', main);
    this.#isMainUp = true;
    const work = outcomeOf(main, stop);
    await Promise.race([work, aborted(stop, work)]);
    this.#isMainUp = false;
    const endMs = clock.now() + graceMs;
    const outcome = await this.#until(endMs, work) ?? 'killed';
    this.#tell(outcome === 'killed' ? 'killed' : 'ended', main);
    return this.#endHelpers(outcome !== 'killed' && stop.aborted ? 'stopped' : outcome, endMs);
  }

  /** Only now, when nobody needs them any more: the last one first. */
  async #endHelpers(outcome: Outcome, endMs: number): Promise<Outcome> {
    for (const { helper, stop, ended } of this.#kept.splice(0).reverse()) {
      this.#tell('stopping', helper);
      stop.abort();
      this.#tell(await this.#until(endMs, ended) === undefined ? 'killed' : 'ended', helper);
    }
    return outcome;
  }
  // #endregion run

  // #region keep
  /** Starts the helper again and again until it is stopped; the service never notices more than a refused call. */
  #keep(helper: Helper): Kept {
    const { clock, restartMs: [firstMs, mostMs] } = this.#options;
    const stop = new AbortController();
    const cameUp = Promise.withResolvers<void>();
    let endsInARow = 0;
    const keeping = async (): Promise<true> => {
      while (!stop.signal.aborted) {
        const run = new AbortController();
        this.#tell('started', helper);
        void this.#askUntilUp(helper, AbortSignal.any([run.signal, stop.signal])).then((isUp) => {
          if (!isUp) return;
          kept.isUp = true;
          endsInARow = 0;
          this.#tell('up', helper);
          cameUp.resolve();
        });
        await outcomeOf(helper, stop.signal);
        run.abort();
        kept.isUp = false;
        if (stop.signal.aborted) break;
        const nextMs = Math.min(mostMs, firstMs * 2 ** endsInARow++);
        this.#tell('restarting', helper, nextMs);
        await clock.sleep(nextMs, stop.signal).catch(() => {});
      }
      return true;
    };
    const kept: Kept = { helper, stop, cameUp: cameUp.promise, isUp: false, ended: Promise.resolve().then(keeping) };
    return kept;
  }
  // #endregion keep

  async #askUntilUp(helper: Helper, signal: AbortSignal): Promise<boolean> {
    const { clock, askEveryMs } = this.#options;
    while (!signal.aborted) {
      const isUp = await this.#until(clock.now() + askEveryMs, Promise.resolve().then(() => helper.isUp()).catch(() => false));
      if (isUp) return !signal.aborted;
      await clock.sleep(askEveryMs, signal).catch(() => {});
    }
    return false;
  }

  async #comesUp({ cameUp }: Kept, stop: AbortSignal): Promise<boolean> {
    const { clock, startMs } = this.#options;
    const isUp = await this.#until(clock.now() + startMs, Promise.race([cameUp.then(() => true), aborted(stop, cameUp).then(() => false)]));
    return isUp === true;
  }

  /** What `work` resolves with, or undefined when the time is over first. */
  async #until<T>(endMs: number, work: Promise<T>): Promise<T | undefined> {
    const { clock } = this.#options;
    const done = new AbortController();
    const over = clock.sleep(Math.max(0, endMs - clock.now()), done.signal).then(() => undefined, () => undefined);
    try {
      return await Promise.race([work, over]);
    } finally {
      done.abort();
    }
  }

  #tell(type: UnitEvent['type'], { name }: Process, nextMs = 0): void {
    this.#options.onEvent(type === 'restarting' ? { type, process: name, nextMs } : { type, process: name });
  }
}

/** Never rejects: a crash is an outcome too. */
function outcomeOf(process: Process, stop: AbortSignal): Promise<'completed' | 'failed'> {
  return Promise.resolve().then(() => process.run(stop)).then(() => 'completed' as const, () => 'failed' as const);
}

/** Resolves when the signal aborts. Listens no longer than until `work` settles. */
function aborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  void work.finally(() => done.abort());
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
  });
}
