/** The shard does not own the slot: the map of the caller is old. Nothing was read or written. */
export class WrongShardError extends Error {
  override readonly name = 'WrongShardError';
  constructor(shard: string, slot: number) {
    super(`'${shard}' does not own slot ${slot}`);
  }
}
/** The slot is about to change hands; the same call succeeds in a moment, here or there. Nothing was read or written. */
export class SlotFrozenError extends Error {
  override readonly name = 'SlotFrozenError';
  constructor(shard: string, slot: number) {
    super(`'${shard}' has frozen slot ${slot}`);
  }
}

export type Row = readonly [key: string, value: string];

/**
 * What a shard does, each call in one step. Rows are written and never removed here: a store that
 * deletes has to note that too (else the row comes back with the move), and to empty what a broken move left.
 */
export interface ShardStore {
  get(slot: number, key: string): Promise<string | undefined>;
  put(slot: number, key: string, value: string): Promise<void>;
  /** Rows of these slots; refused, as `get` is, if one of them is not its own or frozen. */
  scan(slots: readonly number[], match: (row: Row) => boolean): Promise<Row[]>;
  /** The first `limit` keys of the slot (behind `after`), in order; from now on it notes which keys change. */
  copy(slot: number, after: string | undefined, limit: number): Promise<Row[]>;
  /** Rows that changed since the last question. */
  changed(slot: number): Promise<Row[]>;
  /** Reads and writes are refused: a read here could miss what the next owner has taken. */
  freeze(slot: number): Promise<void>;
  /** Undoes `freeze`, and forgets what was noted. */
  thaw(slot: number): Promise<void>;
  /** Rows of a slot that nobody asks it for yet. */
  load(slot: number, rows: readonly Row[]): Promise<void>;
  /** Serves the slot from now on, also one that it once had frozen. */
  own(slot: number): Promise<void>;
  /** Not the owner any more, and its rows are gone. */
  drop(slot: number): Promise<void>;
}

// #region shard
/** A shard in memory. It knows which slots are its own, so a router with an old map cannot write past a move. */
export class MemoryShard implements ShardStore {
  readonly name: string;
  readonly #rows = new Map<number, Map<string, string>>();
  readonly #owned: Set<number>;
  readonly #frozen = new Set<number>();
  readonly #changed = new Map<number, Set<string>>();

  constructor(name: string, owned: Iterable<number> = []) {
    this.name = name;
    this.#owned = new Set(owned);
  }

  async get(slot: number, key: string): Promise<string | undefined> {
    this.#requireServed(slot);
    return this.#of(slot).get(key);
  }

  async put(slot: number, key: string, value: string): Promise<void> {
    this.#requireServed(slot);
    this.#of(slot).set(key, value);
    this.#changed.get(slot)?.add(key);
  }
  // #endregion shard

  async scan(slots: readonly number[], match: (row: Row) => boolean): Promise<Row[]> {
    for (const slot of slots) this.#requireServed(slot);
    return slots.flatMap((slot) => [...this.#of(slot)].filter(match));
  }

  async copy(slot: number, after: string | undefined, limit: number): Promise<Row[]> {
    this.#requireOwner(slot);
    if (!this.#changed.has(slot)) this.#changed.set(slot, new Set());
    return [...this.#of(slot)].filter(([key]) => after === undefined || key > after).sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit);
  }

  async changed(slot: number): Promise<Row[]> {
    const keys = this.#changed.get(slot) ?? new Set();
    this.#changed.set(slot, new Set());
    return [...this.#of(slot)].filter(([key]) => keys.has(key));
  }

  async freeze(slot: number): Promise<void> {
    this.#frozen.add(slot);
  }

  async thaw(slot: number): Promise<void> {
    this.#frozen.delete(slot);
    this.#changed.delete(slot);
  }

  async load(slot: number, rows: readonly Row[]): Promise<void> {
    for (const [key, value] of rows) this.#of(slot).set(key, value);
  }

  async own(slot: number): Promise<void> {
    this.#owned.add(slot);
    await this.thaw(slot);
  }

  async drop(slot: number): Promise<void> {
    this.#owned.delete(slot);
    this.#rows.delete(slot);
    await this.thaw(slot);
  }

  #requireServed(slot: number): void {
    this.#requireOwner(slot);
    if (this.#frozen.has(slot)) throw new SlotFrozenError(this.name, slot);
  }

  #requireOwner(slot: number): void {
    if (!this.#owned.has(slot)) throw new WrongShardError(this.name, slot);
  }

  #of(slot: number): Map<string, string> {
    const rows = this.#rows.get(slot) ?? new Map<string, string>();
    this.#rows.set(slot, rows);
    return rows;
  }
}
