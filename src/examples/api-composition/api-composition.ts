import { systemClock } from '../clock.ts';
import { CompositionTimeoutError, RequiredPartError, TooManyRowsError } from './contract.ts';
import type { Composed, ComposerEvent, ComposerOptions, MissingReason, Owner, Owners, Part } from './contract.ts';
import { untilAborted } from './until-aborted.ts';

export * from './contract.ts';

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;
const nothing: Part<never> = { status: 'none' };

/** When a composition ends, and the reason that says that its own deadline ended it. */
interface Until { readonly signal: AbortSignal; readonly late: CompositionTimeoutError }

/**
 * Answers a query over several owners: takes rows from one, asks the others for what belongs to them, and joins in memory by id.
 * Each owner is asked at its own moment, so parts of one answer may contradict each other.
 * API Composition of microservices.io, with batches in the sense of DataLoader and a named gap instead of a failure.
 */
export class Composer<Row, O extends Owners<Row>> {
  readonly #options: Required<ComposerOptions<Row, O>>;

  constructor(options: ComposerOptions<Row, O>) {
    this.#options = { mostRows: 100, clock: systemClock, onEvent: () => {}, ...options };
    const { deadlineMs, mostRows, owners } = this.#options;
    if (!(deadlineMs > 0 && deadlineMs <= longestMs)) throw new RangeError(`deadlineMs must be above 0 and at most ${longestMs}: current value is ${deadlineMs}`);
    const counts = Object.entries(owners).flatMap(([name, { mostIds, mostCalls = 2 }]) => Object.entries({ [`mostIds of ${name}`]: mostIds, [`mostCalls of ${name}`]: mostCalls }));
    for (const [name, value] of [['mostRows', mostRows] as const, ...counts]) {
      if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
    }
  }

  // #region compose
  /**
   * @param lead gives the rows, already filtered, sorted and cut by the one owner who can
   * @throws RequiredPartError, TooManyRowsError, CompositionTimeoutError when the rows themselves are late,
   * the reason of `signal`, or whatever `lead` throws
   */
  async compose(lead: (signal: AbortSignal) => Promise<readonly Row[]>, caller = new AbortController().signal): Promise<Composed<Row, O>> {
    caller.throwIfAborted();
    const { owners, deadlineMs, mostRows, clock } = this.#options;
    const limit = new AbortController();
    const late = new CompositionTimeoutError(`No whole answer within ${deadlineMs} ms`);
    const timer = clock.setTimeout(() => limit.abort(late), deadlineMs);
    const signal = AbortSignal.any([caller, limit.signal]);
    try {
      const rows = await untilAborted(lead(signal), signal);
      if (rows.length > mostRows) throw new TooManyRowsError(`Cannot compose ${rows.length} rows: ${mostRows} is the most`);
      const asked = Object.entries(owners).map(async ([name, owner]) => [name, await this.#partsOf(name, owner, rows, { signal, late })] as const);
      return join(rows, owners, new Map(await Promise.all(asked)));
    } finally {
      clock.clearTimeout(timer);
      limit.abort(new DOMException('The answer is given or cannot be', 'AbortError'));
    }
  }
  // #endregion compose

  // #region batches
  /** Each id once, in batches, a bounded number of them at the same time. One lost batch costs its own ids and no others. */
  async #partsOf(name: string, owner: Owner<Row, unknown>, rows: readonly Row[], until: Until): Promise<ReadonlyMap<string, Part<unknown>>> {
    const ids = [...new Set(rows.map((row) => owner.idOf(row)).filter((id) => id !== undefined))];
    const batches = Array.from({ length: Math.ceil(ids.length / owner.mostIds) }, (_, at) => ids.slice(at * owner.mostIds, (at + 1) * owner.mostIds));
    const parts = new Map<string, Part<unknown>>();
    const next = batches.values(); // one iterator, so that each lane takes what the others have left
    const lane = async (): Promise<void> => {
      for (const batch of next) {
        for (const [id, part] of await this.#ask(name, owner, batch, until)) parts.set(id, part);
      }
    };
    await Promise.all(Array.from({ length: Math.min(owner.mostCalls ?? 2, batches.length) }, lane));
    return parts;
  }
  // #endregion batches

  // #region ask
  async #ask(name: string, owner: Owner<Row, unknown>, ids: readonly string[], { signal, late }: Until): Promise<[string, Part<unknown>][]> {
    const { clock, onEvent } = this.#options;
    const startMs = clock.now();
    const report = (event: Pick<ComposerEvent, 'type'> & Partial<ComposerEvent>): void => onEvent({ owner: name, ids: ids.length, tookMs: clock.now() - startMs, ...event } as ComposerEvent);
    try {
      signal.throwIfAborted();
      const values = await untilAborted(owner.fetchMany(ids, signal), signal);
      report({ type: 'answered' });
      return ids.map((id) => [id, values.has(id) ? { status: 'found', value: values.get(id) } : nothing]);
    } catch (error) {
      const isLate = signal.reason === late; // and not the deadline of a composer that called this one
      if (signal.aborted && !isLate) throw error; // nobody waits for the answer any more
      const reason: MissingReason = isLate ? 'late' : 'failed';
      report({ type: 'missing', reason, error });
      if (owner.required) throw new RequiredPartError(name, reason, error);
      return ids.map((id) => [id, { status: 'missing', reason }]);
    }
  }
  // #endregion ask
}

/** By id and never by position: owners answer in an order of their own. */
function join<Row, O extends Owners<Row>>(rows: readonly Row[], owners: O, found: ReadonlyMap<string, ReadonlyMap<string, Part<unknown>>>): Composed<Row, O> {
  const missing = [...found].filter(([, parts]) => [...parts.values()].some(({ status }) => status === 'missing')).map(([name]) => name);
  const partOf = (row: Row, name: string, owner: Owner<Row, unknown>): Part<unknown> => {
    const id = owner.idOf(row);
    return id === undefined ? nothing : found.get(name)!.get(id)!;
  };
  const joined = rows.map((row) => ({ row, parts: Object.fromEntries(Object.entries(owners).map(([name, owner]) => [name, partOf(row, name, owner)])) }));
  return { rows: joined, missing } as unknown as Composed<Row, O>;
}
