import { systemClock } from '../clock.ts';
import { CaseLostError, FlowChangedError, StepGaveUpError, StepRefusedError, StepTimeoutError, StoreFailedError } from './contract.ts';
import type { CaseStore, Claim, Entry, Flow, Options, Run, Send } from './contract.ts';

export * from './contract.ts';

/** How a turn ends. A case that rests is begun anew when its time has come. */
type Outcome = { readonly type: 'resting'; readonly delayMs: number; readonly reason: string } | { readonly type: 'ended' | 'parked'; readonly reason: string };

/**
 * Takes each case through its flow, whichever instance crashes meanwhile. Any number of instances may run.
 * Services hear each command at least once and have to know a repeat by its key.
 */
export class Orchestrator {
  readonly #store: CaseStore;
  readonly #flows: Readonly<Record<string, Flow<never>>>;
  readonly #options: Required<Options>;

  /**
   * @param flows by name and version, such as `fulfil-order/2`. Keep an old one until its last case has ended.
   * @throws RangeError that says name, rule and value
   */
  constructor(store: CaseStore, flows: Readonly<Record<string, Flow<never>>>, options: Options = {}) {
    this.#store = store;
    this.#flows = flows;
    this.#options = {
      stepTimeoutMs: 5_000, leaseMs: 30_000, maxAttempts: 5, firstRetryMs: 500, longestRetryMs: 60_000, pollMs: 1_000,
      clock: systemClock, random: Math.random, onEvent: () => {}, ...options,
    };
    const { stepTimeoutMs, leaseMs, maxAttempts, firstRetryMs, longestRetryMs, pollMs } = this.#options;
    for (const [name, value] of Object.entries({ stepTimeoutMs, leaseMs, firstRetryMs, longestRetryMs, pollMs })) {
      if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be above 0 and finite: current value is ${value}`);
    }
    if (!(leaseMs > stepTimeoutMs)) throw new RangeError(`leaseMs must be more than stepTimeoutMs (${stepTimeoutMs}): current value is ${leaseMs}`);
    if (!(Number.isInteger(maxAttempts) && maxAttempts > 0)) throw new RangeError(`maxAttempts must be a whole number from 1: current value is ${maxAttempts}`);
  }

  /** @returns false if there is a case of this id, so a caller who got no answer asks again */
  begin(id: string, definition: string, input: unknown): Promise<boolean> {
    if (!Object.hasOwn(this.#flows, definition)) throw new RangeError(`definition must be one of ${Object.keys(this.#flows).join(', ')}: current value is ${definition}`);
    return this.#store.create(id, definition, input);
  }

  /** Works until `signal` aborts, one case at a time; call it several times for several side by side. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, pollMs, onEvent } = this.#options;
    while (!signal.aborted) {
      const worked = await this.turn().catch((error: unknown) => void onEvent({ type: 'broken', reason: String(error) }));
      if (worked !== true) await clock.sleep(pollMs, signal).catch(() => {});
    }
  }

  // #region turn
  /** Takes one case that is due as far as it goes. @returns false if none is due */
  async turn(): Promise<boolean> {
    const claim = await this.#store.claim(Object.keys(this.#flows), this.#options.leaseMs);
    if (claim === undefined) return false;
    const turn = Promise.withResolvers<Outcome>();
    const log = new Log(claim, this.#store, this.#options, turn);
    const flow = async (): Promise<unknown> => this.#flows[claim.definition]!(log, claim.input as never);
    // A flow that waits is left where it waits: its promise never settles, and is forgotten with this turn.
    const outcome = await Promise.race([flow().then((result) => log.end(result)), turn.promise]).catch((error: unknown): Outcome => {
      if (error instanceof StoreFailedError) throw error;
      return { type: 'parked', reason: String(error) };
    });
    const isOurs = outcome.type === 'resting'
      ? await this.#store.rest(claim, outcome.delayMs, outcome.reason)
      : await this.#store.close(claim, outcome.type, outcome.reason);
    this.#options.onEvent({ type: isOurs ? outcome.type : 'lost', id: claim.id, reason: outcome.reason });
    return true;
  }
  // #endregion turn
}

/** One turn of one case: answers from the log what is there, and does what is not. */
class Log implements Run {
  readonly id: string;
  readonly #claim: Claim;
  readonly #store: CaseStore;
  readonly #options: Required<Options>;
  readonly #turn: PromiseWithResolvers<Outcome>;
  readonly #names = new Set<string>();
  #isBusy = false;

  constructor(claim: Claim, store: CaseStore, options: Required<Options>, turn: PromiseWithResolvers<Outcome>) {
    this.id = claim.id;
    this.#claim = claim;
    this.#store = store;
    this.#options = options;
    this.#turn = turn;
  }

  // #region step
  step<Result>(name: string, send: Send<Result>): Promise<Result> {
    return this.#ask('step', name, async (place, known) => {
      const key = `${this.id}/${name}`;
      if (known?.state === 'done') return known.value as Result;
      if (known?.state === 'refused') throw new StepRefusedError(String(known.value));
      if (known?.state === 'gave up') throw new StepGaveUpError(String(known.value));
      const { maxAttempts, firstRetryMs, longestRetryMs, random } = this.#options;
      const attempts = (known?.attempts ?? 0) + 1;
      if (attempts > maxAttempts) return this.#giveUp(place, name, attempts, `${name}: nobody has survived it`);
      // Counted before it is sent: a command that kills its sender would otherwise be repeated without end.
      await this.#write(place, { kind: 'step', name, state: 'sent', attempts, value: null });
      try {
        // As it will be read in the next turn, so that the flow sees the same either way.
        const value = JSON.parse(JSON.stringify(await this.#limited(key, send) ?? null)) as Result;
        await this.#write(place, { kind: 'step', name, state: 'done', attempts, value });
        return value;
      } catch (error) {
        if (error instanceof StepRefusedError) {
          await this.#write(place, { kind: 'step', name, state: 'refused', attempts, value: error.message });
          throw error;
        }
        const reason = `${name}: ${String(error)}`;
        if (attempts === maxAttempts) return this.#giveUp(place, name, attempts, reason);
        return this.#rest(random() * Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1)), reason);
      }
    });
  }
  // #endregion step

  // #region wait
  wait<Value>(name: string, message: string, withinMs: number): Promise<Value | undefined> {
    return this.#ask('wait', name, async (place, known) => {
      if (known?.state === 'done') return known.value as Value;
      if (known?.state === 'expired') return undefined;
      // The deadline is stored before anything else, and by the clock of the store: a restart does not set it anew.
      if (known === undefined) await this.#write(place, { kind: 'wait', name, state: 'waiting', attempts: 0, value: null, withinMs });
      const found = await this.#ofStore(this.#store.message(this.id, message));
      const leftMs = known?.leftMs ?? withinMs;
      if (found === undefined && leftMs > 0) return this.#rest(leftMs, `waits for ${message}`);
      // Which of the two came first is decided once, here, for all later turns.
      await this.#write(place, { kind: 'wait', name, state: found ? 'done' : 'expired', attempts: 0, value: found?.value ?? null });
      return found?.value as Value | undefined;
    });
  }
  // #endregion wait

  /** The flow has come to its end; the log must have come there too. */
  end(result: unknown): Outcome {
    if (this.#isBusy) throw new FlowChangedError('the flow ends, and what it has asked for is still open: wait for each');
    const next = this.#claim.log[this.#names.size];
    if (next !== undefined) throw new FlowChangedError(`the flow ends, and the log goes on with ${next.kind} '${next.name}'`);
    return { type: 'ended', reason: String(result) };
  }

  async #ask<Result>(kind: Entry['kind'], name: string, answer: (place: number, known: Entry | undefined) => Promise<Result>): Promise<Result> {
    const place = this.#names.size;
    const known = this.#claim.log[place];
    const trouble = this.#isBusy ? 'while another one is open: one thing at a time'
      : this.#names.has(name) ? 'a second time: a case knows its steps by name'
      : known !== undefined && (known.kind !== kind || known.name !== name) ? `and the log has ${known.kind} '${known.name}'`
      : undefined;
    if (trouble !== undefined) return this.#stop(new FlowChangedError(`the flow asks for ${kind} '${name}' ${trouble}`));
    this.#names.add(name);
    this.#isBusy = true;
    try {
      return await answer(place, known);
    } finally {
      this.#isBusy = false;
    }
  }

  async #giveUp(place: number, name: string, attempts: number, reason: string): Promise<never> {
    await this.#write(place, { kind: 'step', name, state: 'gave up', attempts, value: reason });
    throw new StepGaveUpError(reason);
  }

  /** Never comes back: the next turn begins the flow anew. */
  #rest(delayMs: number, reason: string): Promise<never> {
    this.#turn.resolve({ type: 'resting', delayMs, reason });
    return new Promise(() => {});
  }

  /** Never comes back either: a flow must not be able to catch this and go on. */
  #stop(error: Error): Promise<never> {
    this.#turn.reject(error);
    return new Promise(() => {});
  }

  async #write(place: number, entry: Parameters<CaseStore['write']>[2]): Promise<void> {
    const isOurs = await this.#ofStore(this.#store.write(this.#claim, place, entry, this.#options.leaseMs));
    if (!isOurs) await this.#stop(new CaseLostError(`Case ${this.id} was taken over meanwhile`));
  }

  /** A store that fails is no news of the process: the case is taken up again when its lease is over. */
  #ofStore<Result>(answer: Promise<Result>): Promise<Result> {
    return answer.catch((cause: unknown) => this.#stop(new StoreFailedError(String(cause), { cause })));
  }

  async #limited<Result>(key: string, send: Send<Result>): Promise<Result> {
    const { clock, stepTimeoutMs } = this.#options;
    const [limit, settled] = [new AbortController(), new AbortController()];
    const expiry = clock.sleep(stepTimeoutMs, settled.signal).then(() => {
      throw new StepTimeoutError(`No answer to ${key} within ${stepTimeoutMs} ms`);
    });
    expiry.catch(() => {}); // also rejects when `send` throws before the race begins
    try {
      return await Promise.race([send(key, limit.signal), expiry]);
    } catch (error) {
      limit.abort(error);
      throw error;
    } finally {
      settled.abort();
    }
  }
}
