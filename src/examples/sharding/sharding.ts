import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { slotOf } from './placement.ts';
import { SlotFrozenError, WrongShardError } from './shard.ts';
import type { Row, ShardStore } from './shard.ts';

export { SlotFrozenError, WrongShardError };

/** Which shard owns each slot. One for all routers, kept where they can read it; a copy may be old for a while. */
export interface ShardMap {
  read(): Promise<readonly string[]>;
  assign(slot: number, shard: string): Promise<void>;
}

export interface RouterOptions {
  shards: ReadonlyMap<string, ShardStore>;
  map: ShardMap;
  /** Tries of one call while a slot changes hands. */
  mostTries?: number;
  /** Between two of them. */
  pauseMs?: number;
  clock?: Clock;
}

/** Sends each call to the shard that owns its key, and calls without a key to all. */
export class Router {
  readonly #options: Required<RouterOptions>;
  #slots: readonly string[] | undefined;

  constructor(options: RouterOptions) {
    this.#options = { mostTries: 20, pauseMs: 20, clock: systemClock, ...options };
    for (const name of ['mostTries', 'pauseMs'] as const) {
      if (!(this.#options[name] >= 1 && this.#options[name] < Infinity)) throw new RangeError(`${name} must be at least 1: current value is ${this.#options[name]}`);
    }
  }

  get(key: string, signal?: AbortSignal): Promise<string | undefined> {
    return this.#route(key, (shard, slot) => shard.get(slot, key), signal);
  }

  put(key: string, value: string, signal?: AbortSignal): Promise<void> {
    return this.#route(key, (shard, slot) => shard.put(slot, key, value), signal);
  }

  /**
   * Asks all shards at once and is as slow as the slowest. Fails if one fails: half an answer looks like a whole one.
   * Each slot answers once, also while it moves, for its shard refuses what it does not serve and the question
   * is put again. Not one moment: a row may be older than one beside it.
   */
  scatter(match: (row: Row) => boolean, signal?: AbortSignal): Promise<Row[]> {
    return this.#byMap(async (slots) => {
      const answers = await Promise.all([...new Set(slots)].map(async (name) => {
        const owned = [...slots.keys()].filter((slot) => slots[slot] === name);
        return this.#shard(name).scan(owned, match);
      }));
      return answers.flat();
    }, signal);
  }

  #route<Result>(key: string, call: (shard: ShardStore, slot: number) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#byMap(async (slots) => {
      const slot = slotOf(key, slots.length);
      return call(this.#shard(slots[slot]!), slot);
    }, signal);
  }

  // #region route
  /** The map is a guess that the shard corrects. A refused call did nothing, so it may be put again. */
  async #byMap<Result>(ask: (slots: readonly string[]) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const { map, mostTries, pauseMs, clock } = this.#options;
    for (let tries = 1; ; tries++) {
      try {
        return await ask(this.#slots ??= await map.read());
      } catch (error) {
        if (!(error instanceof WrongShardError || error instanceof SlotFrozenError) || tries >= mostTries) throw error;
        this.#slots = undefined;
        await clock.sleep(pauseMs, signal);
      }
    }
  }
  // #endregion route

  // #region move
  /**
   * Moves a slot while it is read and written. The old shard stays the owner until the new one has
   * every row; calls of the slot wait only for the last few. If it fails before that, nothing has changed;
   * if it fails later, the slot may stay refused until the same move is started again.
   * One move of a slot at a time, and no step of an abandoned one may arrive late: a real store numbers them.
   */
  async move(slot: number, to: string, batch = 100): Promise<void> {
    const { map } = this.#options;
    const from = (await map.read())[slot]!;
    if (from === to) return;
    const [source, target] = [this.#shard(from), this.#shard(to)];
    try {
      let after: string | undefined;
      for (;;) {
        const rows = await source.copy(slot, after, batch);
        await target.load(slot, rows);
        if (rows.length < batch) break;
        after = rows.at(-1)![0];
      }
      // Each round has less to do than the one before, unless writes are faster than the copy.
      for (let rounds = 0; rounds < 10; rounds++) {
        const rows = await source.changed(slot);
        await target.load(slot, rows);
        if (rows.length < batch) break;
      }
      await source.freeze(slot);
      await target.load(slot, await source.changed(slot));
    } catch (error) {
      await source.thaw(slot).catch((also: unknown) => { throw new AggregateError([error, also], `slot ${slot} may still be frozen`); });
      throw error;
    }
    // From here on it goes forward only: what the new owner takes, the old one would not have.
    await target.own(slot);
    await map.assign(slot, to);
    await source.drop(slot);
  }
  // #endregion move

  #shard(name: string): ShardStore {
    const shard = this.#options.shards.get(name);
    if (shard === undefined) throw new RangeError(`no shard is called '${name}'`);
    return shard;
  }
}
