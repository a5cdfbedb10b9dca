/** Something that has happened in one process, told to whoever listens. It names no receiver and asks for nothing. */
export interface Fact {
  /** Process and type, so it is the same however often it is told. */
  readonly id: string;
  /** The case that it belongs to, such as the number of the order. */
  readonly process: string;
  readonly type: string;
  /** Id of the fact that led to it; null for the first. */
  readonly causation: string | null;
  readonly data: unknown;
  /** 0 the first time. Above that the owner of the deadline has asked once more: whoever has done its part tells it again. */
  readonly reminder: number;
}
/** By type. */
export type Facts = Readonly<Record<string, Fact>>;

export interface Reaction {
  /** One of a kind: its memory is kept under it. */
  readonly name: string;
  readonly service: string;
  /** It acts once all of them have been heard, in whatever order they come. */
  readonly needs: readonly string[];
  /** All that it may tell, one of them each time. None for a last step. */
  readonly tells: readonly string[];
  /**
   * The work, in the transaction that remembers it. A refusal is a fact like any other.
   * @throws when it cannot be done now; then nothing has happened, and the broker has to bring the fact again
   */
  act(facts: Facts, open: StoreTransaction): Promise<{ readonly type: string; readonly data?: unknown } | void>;
}

/** The service's own database: what it keeps, and what it has to tell. */
export interface Store {
  /** All or nothing, and as if one after another; otherwise two facts that arrive together each miss the other. */
  transaction<Result>(work: (open: StoreTransaction) => Promise<Result>): Promise<Result>;
}
export interface StoreTransaction {
  get<Value>(key: string): Promise<Value | undefined>;
  put(key: string, value: unknown): Promise<void>;
  /** Values of all keys that begin with it, the oldest first. */
  list<Value>(prefix: string): Promise<readonly Value[]>;
  /** To the outbox; a relay brings it to all who listen, at least once. */
  tell(fact: Fact): Promise<void>;
}

/** A reaction told what it had not declared, so the flow that others read would be wrong. Its work was rolled back. */
export class UndeclaredFactError extends Error {
  override readonly name = 'UndeclaredFactError';
}
