import { systemClock } from '../clock.ts';
import { LeaseLostError, StepRefusedError, StepTimeoutError } from './contract.ts';
import type { Command, Database, Definition, Options, Progress, SagaEvent, Step, StepState, Transaction } from './contract.ts';
import { requireOptions, requireOrder } from './requirements.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

interface Claim<Input> {
  readonly id: string;
  readonly input: Input;
  readonly fence: number;
  state: 'running' | 'compensating' | 'completed' | 'compensated';
  attempts: number;
  reason: string | null;
  readonly log: Map<string, { state: StepState; result: unknown }>;
}
type Change = Partial<Pick<Claim<unknown>, 'state' | 'attempts' | 'reason'>>;

/**
 * Carries each saga to its end, forwards or backwards, whichever instance crashes meanwhile.
 * Any number of instances may run. Commands reach participants at least once, always with the same key.
 */
export class SagaOrchestrator<Input> {
  readonly #database: Database;
  readonly #definition: Definition<Input>;
  readonly #options: Required<Options>;

  constructor(database: Database, definition: Definition<Input>, options: Options = {}) {
    this.#database = database;
    this.#definition = definition;
    this.#options = {
      stepTimeoutMs: 5_000, leaseMs: 30_000, maxAttempts: 5, firstRetryMs: 500, longestRetryMs: 60_000, pollMs: 1_000,
      clock: systemClock, random: Math.random, onEvent: () => {}, ...options,
    };
    requireOrder(definition);
    requireOptions(this.#options);
  }

  /**
   * In the caller's transaction, with the order it is about: both exist or neither.
   * @returns false if a saga of this id exists already
   */
  async start(transaction: Transaction, saga: string, input: Input): Promise<boolean> {
    const values = [saga, this.#definition.name, JSON.stringify(input)];
    return (await transaction.query(statements.start, values)).length === 1;
  }

  /** Works until `signal` aborts, one saga at a time; call it several times for several side by side. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, pollMs, onEvent } = this.#options;
    while (!signal.aborted) {
      const progress = await this.proceed(undefined, signal).catch((error: unknown) => void onEvent({ type: 'broken', error }));
      if (progress === undefined) await clock.sleep(pollMs, signal).catch(() => {});
    }
  }

  /**
   * Claims the saga of this id, or any that is due, and takes it as far as it goes.
   * Call it after the commit of `start`; whatever it leaves behind, `run` picks up.
   * @returns what became of it; undefined when there was none to claim
   */
  async proceed(id?: string, signal?: AbortSignal): Promise<Progress | undefined> {
    const saga = await this.#claim(id ?? null);
    if (saga === undefined) return undefined;
    try {
      let progress: Progress | undefined;
      while (progress === undefined) progress = await this.#advance(saga, signal);
      this.#emit(progress, saga);
      return progress;
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.#emit('lost', saga);
      return 'lost';
    }
  }

  /** @returns undefined while there is more to do at once */
  async #advance(saga: Claim<Input>, signal: AbortSignal | undefined): Promise<Progress | undefined> {
    const { steps } = this.#definition;
    const stateOf = ({ name }: Step<Input>): StepState | undefined => saga.log.get(name)?.state;
    // Backwards: everything that was or may have been done, the last first. Not what was refused.
    const step = saga.state === 'running'
      ? steps.find((each) => stateOf(each) !== 'done')
      : steps.findLast((each) => ['sent', 'done', 'undoing'].includes(stateOf(each) ?? ''));
    if (signal?.aborted) {
      await this.#write(saga, {}, 0);
      return 'released';
    }
    if (saga.attempts >= this.#options.maxAttempts) return this.#giveUp(saga, step);
    if (step === undefined) return this.#end(saga);
    return this.#attempt(saga, step);
  }

  // #region attempt
  async #attempt(saga: Claim<Input>, step: Step<Input>): Promise<Progress | undefined> {
    const forwards = saga.state === 'running';
    // Logged before it is sent, or nobody would know after a crash that it may have been done.
    await this.#log(saga, { attempts: saga.attempts + 1 }, step, forwards ? 'sent' : 'undoing');
    const answer = await this.#deliver(saga, step);
    if ('result' in answer) {
      await this.#log(saga, { attempts: 0 }, step, forwards ? 'done' : 'undone', answer.result);
      return undefined;
    }
    const { error } = answer;
    if (!(error instanceof StepRefusedError) || !forwards || step.kind === 'retriable') {
      return this.#pause(saga, step.name, error);
    }
    await this.#log(saga, { state: 'compensating', attempts: 0, reason: String(error) }, step, 'refused');
    this.#emit('turned', saga, step.name, error);
    return undefined;
  }
  // #endregion attempt

  // #region give-up
  /** After the last attempt. Where neither direction is safe, a person has to look. */
  async #giveUp(saga: Claim<Input>, step: Step<Input> | undefined): Promise<Progress | undefined> {
    if (saga.state !== 'running' || step?.kind !== 'compensatable') {
      await this.#write(saga, {}, null);
      return 'parked';
    }
    // It stays logged as sent, so it is the first to be taken back, whether it was done or not.
    await this.#write(saga, { state: 'compensating', attempts: 0 }, this.#options.leaseMs);
    this.#emit('turned', saga, step.name);
    return undefined;
  }
  // #endregion give-up

  async #end(saga: Claim<Input>): Promise<Progress | undefined> {
    const state = saga.state === 'running' ? 'completed' : 'compensated';
    try {
      await this.#write(saga, { state, attempts: 0 }, null, (open) => this.#definition.end(open, saga.id, state, saga.input));
      return state;
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      saga.attempts += 1;
      return this.#pause(saga, undefined, error);
    }
  }

  async #pause(saga: Claim<Input>, step: string | undefined, error: unknown): Promise<Progress | undefined> {
    const { maxAttempts, firstRetryMs, longestRetryMs, random, leaseMs } = this.#options;
    const wasLast = saga.attempts >= maxAttempts;
    const pauseMs = random() * Math.min(longestRetryMs, firstRetryMs * 2 ** (saga.attempts - 1));
    await this.#write(saga, { reason: String(error) }, wasLast ? leaseMs : pauseMs);
    this.#emit('failed', saga, step, error);
    return wasLast ? undefined : 'waiting';
  }

  async #claim(id: string | null): Promise<Claim<Input> | undefined> {
    const wanted = [this.#definition.name, id, this.#options.leaseMs];
    return this.#database.transaction(async (transaction) => {
      const [saga] = await transaction.query<Claim<Input>>(statements.claim, wanted);
      if (saga === undefined) return undefined;
      const steps = await transaction.query<{ step: string; state: StepState; result: unknown }>(statements.steps, [saga.id]);
      return { ...saga, log: new Map(steps.map(({ step, ...entry }) => [step, entry])) };
    });
  }

  /**
   * Every change goes through here, and only while the saga is still ours.
   * @param dueMs until others may take it; null for never
   */
  async #write(saga: Claim<Input>, change: Change, dueMs: number | null, also?: (open: Transaction) => Promise<unknown>): Promise<void> {
    const { id, fence, state, attempts, reason } = { ...saga, ...change };
    await this.#database.transaction(async (open) => {
      const mine = await open.query(statements.hold, [id, fence, state, attempts, reason, dueMs]);
      if (mine.length === 0) throw new LeaseLostError(`Saga ${id} was taken over meanwhile`);
      await also?.(open);
    });
    Object.assign(saga, change);
  }

  async #log(saga: Claim<Input>, change: Change, { name }: Step<Input>, state: StepState, result?: unknown): Promise<void> {
    const json = JSON.stringify(result) ?? null;
    await this.#write(saga, change, this.#options.leaseMs, (open) => open.query(statements.log, [saga.id, name, state, json]));
    // As it will be read after a crash, so that the next step gets the same either way.
    saga.log.set(name, { state, result: json === null ? saga.log.get(name)?.result : JSON.parse(json) });
    this.#emit(state, saga, name);
  }

  /** Not tied to the signal of `run`: a command that is on its way at shutdown may still be answered and logged. */
  async #deliver({ id, input, state, log }: Claim<Input>, step: Step<Input>): Promise<{ result: unknown } | { error: unknown }> {
    const { clock, stepTimeoutMs } = this.#options;
    const send = state === 'running' || step.kind !== 'compensatable' ? step.run : step.undo;
    const results = Object.fromEntries(Array.from(log, ([name, entry]) => [name, entry.result]));
    const command: Command<Input> = { saga: id, key: `${id}/${step.name}`, input, results };
    const limit = new AbortController();
    const settled = new AbortController();
    const expiry = clock.sleep(stepTimeoutMs, settled.signal).then(() => {
      throw new StepTimeoutError(`No answer to ${command.key} within ${stepTimeoutMs} ms`);
    });
    expiry.catch(() => {}); // also rejects when `send` throws before the race begins
    try {
      return { result: await Promise.race([send(command, limit.signal), expiry]) };
    } catch (error) {
      limit.abort(error);
      return { error };
    } finally {
      settled.abort();
    }
  }

  #emit(type: SagaEvent['type'], saga: Claim<Input>, step?: string, error?: unknown): void {
    this.#options.onEvent({ type, saga: saga.id, ...(step !== undefined && { step }), ...(error !== undefined && { error }) });
  }
}
