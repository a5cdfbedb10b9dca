/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. Isolation READ COMMITTED, PostgreSQL's default. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

export interface KeyedRequest {
  /** Who asks, from the credentials: a key means something only inside one tenant. */
  readonly tenant: string;
  /** As the client sent it: 16 to 255 visible ASCII characters, for example a UUID. */
  readonly key: string;
  /** For example `POST /orders`. With the payload it makes the fingerprint. */
  readonly operation: string;
  readonly payload: unknown;
}

/** A final answer, to be repeated word for word: a success, or a refusal such as 402 that a retry would not change. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Work<Called> {
  /**
   * Calls to other services, outside any transaction.
   * Send `downstreamKey` along: whoever takes over after a crash repeats the call with the same one.
   */
  readonly call: (downstreamKey: string, signal: AbortSignal | undefined) => Promise<Called>;
  /** The effect and the answer, in the transaction that stores the answer. Throw for what a retry may change. */
  readonly commit: (transaction: Transaction, called: Called) => Promise<Reply>;
}

export interface Options {
  /** Longer than the slowest honest request, in milliseconds: after it another request may take over. */
  readonly leaseMs?: number;
  /** How long a key is kept, in milliseconds from its first request. Longer than any client retries; part of the published API. */
  readonly keepMs?: number;
  /**
   * What a caller is told to wait whose key is in progress, in milliseconds; less where the lease ends sooner.
   * About as long as a request takes: the lease itself would make everybody wait as if the first one had crashed.
   */
  readonly retryAfterMs?: number;
  /** Called after each step has been committed; must not throw. */
  readonly onEvent?: (event: KeyEvent) => void;
}
export interface KeyEvent {
  /** `lost`: the attempt failed and no longer owned its key; taken over, or answered by a commit that went unnoticed. */
  readonly type: 'claimed' | 'answered' | 'replayed' | 'busy' | 'reused' | 'released' | 'lost';
  readonly tenant: string;
  readonly key: string;
}

// #region errors
/** Not a usable key; nothing was looked up. */
export class KeyFormatError extends RangeError {
  override readonly name = 'KeyFormatError';
  readonly status = 400;
}
/** The first request with this key is still at work. Nothing was done; ask again after `retryAfterMs`. */
export class KeyBusyError extends Error {
  override readonly name = 'KeyBusyError';
  readonly status = 409;
  readonly retryAfterMs: number;
  constructor(key: string, retryAfterMs: number) {
    super(`A request with key ${key} is in progress`);
    this.retryAfterMs = retryAfterMs;
  }
}
/** The key was used for another operation or payload: a mistake of the client. Nothing was done. */
export class KeyReusedError extends Error {
  override readonly name = 'KeyReusedError';
  readonly status = 422;
}
/** The lease ended and another request took over. This one's effect was rolled back. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly status = 503;
}
/** `commit` returned an answer that a retry may change. The effect was rolled back, the key released. */
export class ReplyNotFinalError extends Error {
  override readonly name = 'ReplyNotFinalError';
  readonly status = 503;
}
// #endregion errors
