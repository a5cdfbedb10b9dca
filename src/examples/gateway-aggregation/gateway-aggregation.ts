import { systemClock } from '../clock.ts';
import { PartTimeoutError, RequiredPartError, UnknownPartError } from './contract.ts';
import type { AggregatorOptions, MissingReason, Page, Part, PartAnswer } from './contract.ts';
import { ServiceFullError } from './slots.ts';

export * from './contract.ts';
export { ServiceFullError, Slots } from './slots.ts';

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Makes several requests of one: asks the services of a page side by side, gives each its own time within that of the page,
 * and answers with what has arrived, each gap named. Reads only: a part that changes something must not be abandoned.
 * Gateway Aggregation of the Azure Architecture Center, with its partial answer made a contract.
 */
export class Aggregator<Request, Values extends Record<string, unknown>> {
  readonly #options: Required<AggregatorOptions<Request, Values>>;

  constructor(options: AggregatorOptions<Request, Values>) {
    this.#options = { clock: systemClock, onEvent: () => {}, ...options };
    const limits = Object.entries<Part<Request, unknown>>(options.parts).map(([name, { timeoutMs }]) => [`timeoutMs of ${name}`, timeoutMs] as const);
    for (const [name, ms] of [['deadlineMs', options.deadlineMs] as const, ...limits]) {
      if (!(ms > 0 && ms <= longestMs)) throw new RangeError(`${name} must be above 0 and at most ${longestMs}: current value is ${ms}`);
    }
  }

  // #region answer
  /**
   * @param only asks for these parts alone, so that a client can come back for what was missing
   * @throws RequiredPartError, UnknownPartError, or the reason of `caller`
   */
  async answer(
    request: Request,
    only: readonly string[] = Object.keys(this.#options.parts),
    caller = new AbortController().signal,
  ): Promise<Page<Values>> {
    caller.throwIfAborted();
    const { parts, deadlineMs, clock } = this.#options;
    const names = [...new Set(only)]; // one that is named twice is asked for once
    const unknown = names.find((name) => !Object.hasOwn(parts, name));
    if (unknown !== undefined) throw new UnknownPartError(`This page has no part ${JSON.stringify(unknown)}`);
    const endMs = clock.now() + deadlineMs;
    const over = new AbortController();
    const signal = AbortSignal.any([caller, over.signal]);
    try {
      const answers = await Promise.all(names.map(async (name) =>
        [name, await this.#part(name, parts[name]!, request, endMs, signal)] as const));
      const complete = answers.every(([, { status }]) => status === 'ok');
      return { complete, parts: Object.fromEntries(answers) as Page<Values>['parts'] };
    } finally {
      over.abort(new DOMException('The page is finished or cannot be', 'AbortError'));
    }
  }
  // #endregion answer

  // #region part
  /** A failure becomes a value here, before `Promise.all` can see it; only a required part may end the page. */
  async #part(name: string, part: Part<Request, unknown>, request: Request, endMs: number, page: AbortSignal): Promise<PartAnswer> {
    const { clock, onEvent } = this.#options;
    const startMs = clock.now();
    const leftMs = Math.min(part.timeoutMs, endMs - startMs);
    const limit = new AbortController();
    const timer = clock.setTimeout(() => limit.abort(new PartTimeoutError(`${name} did not answer within ${leftMs} ms`)), leftMs);
    const signal = AbortSignal.any([page, limit.signal]);
    const tookMs = (): number => clock.now() - startMs;
    try {
      const value = await untilAborted(part.slots.run(() => part.fetch(request, { signal, leftMs })), signal);
      onEvent({ type: 'answered', part: name, tookMs: tookMs() });
      return { status: 'ok', value };
    } catch (error) {
      if (page.aborted) throw error; // the client has left, or a required part was lost
      const reason: MissingReason = limit.signal.aborted ? 'late' : error instanceof ServiceFullError ? 'busy' : 'failed';
      onEvent({ type: 'missing', part: name, tookMs: tookMs(), reason, error });
      if (part.required) throw new RequiredPartError(name, reason, error);
      return { status: 'missing', reason };
    } finally {
      clock.clearTimeout(timer);
    }
  }
  // #endregion part
}

/** Lets go as soon as `signal` aborts; whatever `work` does afterwards is ignored. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave(); // while `work` began
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
