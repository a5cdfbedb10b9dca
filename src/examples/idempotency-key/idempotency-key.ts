import { KeyBusyError, KeyFormatError, KeyReusedError, LeaseLostError, ReplyNotFinalError } from './contract.ts';
import type { Database, KeyEvent, KeyedRequest, Options, Reply, Transaction, Work } from './contract.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

export interface Answer extends Reply {
  /** True for a repeat of an earlier answer. */
  readonly replayed: boolean;
}
interface Claim {
  readonly owner: string;
  readonly downstream: string;
}
interface Known {
  readonly status: number | null;
  readonly body: unknown;
  readonly same: boolean;
  readonly remainingMs: number;
}

/**
 * Commits the effect of a request at most once per tenant and key, and answers repeats with the first answer.
 * `call` may run again after a failure or a lost lease, always with the same downstream key.
 * Status codes follow draft-ietf-httpapi-idempotency-key-header-07, section 2.7.
 */
export class IdempotencyKeys {
  readonly #database: Database;
  readonly #options: Required<Options>;

  constructor(database: Database, options: Options = {}) {
    this.#database = database;
    this.#options = { leaseMs: 60_000, keepMs: 24 * 3_600_000, retryAfterMs: 1_000, onEvent: () => {}, ...options };
    const { leaseMs, keepMs, retryAfterMs } = this.#options;
    requireMs('leaseMs', leaseMs, 0, 'a positive number');
    requireMs('keepMs', keepMs, leaseMs, `greater than 'leaseMs' (${leaseMs})`);
    requireMs('retryAfterMs', retryAfterMs, 0, 'a positive number');
  }

  // #region execute
  /**
   * @throws KeyFormatError, KeyReusedError, KeyBusyError: nothing was done.
   * After anything else retry with the same key: it runs again, or gets the answer
   * if the commit went through unnoticed.
   */
  async execute<Called>(
    request: KeyedRequest,
    work: Work<Called>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    requireUsable(request);
    const claim = await this.#claim(request);
    if ('status' in claim) return { ...claim, replayed: true };
    try {
      const called = await work.call(claim.downstream, signal);
      const reply = await this.#answer(request, claim, (open) => work.commit(open, called));
      this.#emit('answered', request);
      return { ...reply, replayed: false };
    } catch (error) {
      // If this fails too, the lease ends by itself; the first error is the one to report.
      await this.#release(request, claim).catch(() => {});
      throw error;
    }
  }
  // #endregion execute

  // #region claim
  async #claim(request: KeyedRequest): Promise<Claim | Reply> {
    const { tenant, key } = request;
    const fingerprinted = JSON.stringify([request.operation, request.payload]);
    const { leaseMs, keepMs, retryAfterMs } = this.#options;
    const outcome = await this.#database.transaction(async (transaction) => {
      await transaction.query(statements.expire, [tenant, key]);
      const wanted = [tenant, key, fingerprinted];
      const [claim] = await transaction.query<Claim>(statements.claim, [...wanted, leaseMs, keepMs]);
      if (claim !== undefined) return { claim };
      const [known] = await transaction.query<Known>(statements.lookUp, wanted);
      return { known: known! };
    });
    if (outcome.claim !== undefined) {
      this.#emit('claimed', request);
      return outcome.claim;
    }
    const { same, status, body, remainingMs } = outcome.known;
    this.#emit(!same ? 'reused' : status === null ? 'busy' : 'replayed', request);
    if (!same) throw new KeyReusedError(`Key ${key} was already used for a different request`);
    if (status === null) throw new KeyBusyError(key, Math.min(remainingMs, retryAfterMs));
    return { status, body };
  }
  // #endregion claim

  // #region answer
  #answer(
    { tenant, key }: KeyedRequest,
    { owner }: Claim,
    commit: (transaction: Transaction) => Promise<Reply>,
  ): Promise<Reply> {
    return this.#database.transaction(async (transaction) => {
      const reply = await commit(transaction);
      requireFinal(reply);
      const body = JSON.stringify(reply.body ?? null);
      const mine = await transaction.query(statements.answer, [tenant, key, owner, reply.status, body]);
      if (mine.length === 0) throw new LeaseLostError(`Key ${key} was taken over meanwhile`);
      return reply;
    });
  }
  // #endregion answer

  async #release(request: KeyedRequest, { owner }: Claim): Promise<void> {
    const { tenant, key } = request;
    const mine = await this.#database.transaction((transaction) => transaction.query(statements.release, [tenant, key, owner]));
    this.#emit(mine.length === 0 ? 'lost' : 'released', request);
  }

  #emit(type: KeyEvent['type'], { tenant, key }: KeyedRequest): void {
    this.#options.onEvent({ type, tenant, key });
  }
}

/** Deletes keys whose time is over, at most `limit` of them. @returns how many */
export async function forgetExpired(database: Database, limit = 1_000): Promise<number> {
  const rows = await database.transaction((transaction) => transaction.query(statements.forget, [limit]));
  return rows.length;
}

function requireUsable({ tenant, key }: KeyedRequest): void {
  if (tenant === '') throw new RangeError("Cannot use an idempotency key as 'tenant' must not be empty");
  if (/^[\x21-\x7e]{16,255}$/.test(key)) return;
  const rule = "'key' must be 16 to 255 visible ASCII characters";
  throw new KeyFormatError(`Cannot use an idempotency key as ${rule}: current value is ${JSON.stringify(key)}`);
}

function requireFinal({ status }: Reply): void {
  const isFinal = Number.isInteger(status) && status >= 200 && status < 500 && ![408, 425, 429].includes(status);
  if (isFinal) return;
  const rule = "'status' must be final, 200 to 499 and not 408, 425 or 429";
  throw new ReplyNotFinalError(`Cannot store an answer as ${rule}: current value is ${status}`);
}

function requireMs(name: string, value: number, above: number, rule: string): void {
  if (Number.isFinite(value) && value > above) return;
  throw new RangeError(`Cannot keep idempotency keys as '${name}' must be ${rule}: current value is ${value}`);
}
