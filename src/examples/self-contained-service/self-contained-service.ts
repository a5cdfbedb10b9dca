import { OrderConflictError, OrderRefusedError } from './contract.ts';
import type { Database, Decider, Options, Order, OrderEvent, OrderRequest, OrderState, Transaction } from './contract.ts';
import { agesOf, lookUp, requireFresh } from './replica.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

interface Product { readonly priceCents: number }
interface Customer { readonly mayOrder: boolean }

/** Takes orders with nothing but its own database, and settles them when the others have spoken. */
export class OrderService {
  readonly #database: Database;
  readonly #options: Options;

  /** @throws RangeError when a `maxAgeMs` is no number above 0 */
  constructor(database: Database, options: Options) {
    for (const [source, ms] of Object.entries(options.maxAgeMs)) {
      if (!(ms > 0)) throw new RangeError(`Cannot take orders as 'maxAgeMs.${source}' must be above 0: current value is ${ms}`);
    }
    this.#database = database;
    this.#options = options;
  }

  // #region place
  /**
   * Answers at once: the order is pending, at the price that we know.
   * A repeat gets the same answer.
   * @throws CopyTooOldError, OrderRefusedError, OrderConflictError
   */
  async place(request: OrderRequest, signal?: AbortSignal): Promise<Order> {
    signal?.throwIfAborted();
    requireOrder(request);
    const { id, customer, sku, pieces } = request;
    return this.#tell(async (transaction, say) => {
      const before = await this.#stored(transaction, request);
      if (before !== undefined) return before;

      const agesMs = await agesOf(transaction);
      requireFresh(agesMs, this.#options.maxAgeMs);
      const product = await lookUp<Product>(transaction, 'catalogue', sku);
      if (!product?.body) throw new OrderRefusedError(`there is no product '${sku}'`);
      const buyer = await lookUp<Customer>(transaction, 'accounts', customer);
      if (buyer !== undefined && !buyer.body?.mayOrder) {
        throw new OrderRefusedError(`customer '${customer}' may not order`);
      }
      // Who is not known here may have registered a second ago: let accounts decide.
      const awaits: Decider[] = ['inventory', 'payments'];
      if (buyer === undefined) awaits.push('accounts');
      const { priceCents } = product.body;
      const values = [id, customer, sku, pieces, priceCents, product.version, awaits];
      const [order] = await transaction.query<Order>(statements.insert, values);
      // None if the same was placed beside us a moment ago.
      if (order === undefined) return (await this.#stored(transaction, request))!;
      const announcement = { type: 'OrderPlaced', order: id, awaits } as const;
      await this.#options.announce(transaction, announcement);
      say({ type: 'placed', order: id, agesMs });
      return order;
    }).catch((error: unknown) => {
      this.#options.onEvent?.({ type: 'refused', order: id, error });
      throw error;
    });
  }
  // #endregion place

  async #stored(transaction: Transaction, request: OrderRequest): Promise<Order | undefined> {
    const [before] = await transaction.query<Order & OrderRequest>(statements.read, [request.id]);
    return before && sameOrder(before, request);
  }

  /** @returns undefined if there is no such order */
  read(id: string): Promise<Order | undefined> {
    return this.#database.transaction(async (transaction) => {
      const [found] = await transaction.query<Order & OrderRequest>(statements.read, [id]);
      return found && orderOf(found);
    });
  }

  // #region decide
  /**
   * What another service says of an order, from a message that may come twice or late.
   * The last yes confirms, the first no rejects; a settled order stays as it is.
   * @returns undefined if there is no such order
   */
  decide(id: string, decider: Decider, isYes: boolean, reason = ''): Promise<OrderState | undefined> {
    return this.#tell(async (transaction, say) => {
      const [order] = await transaction.query<Waiting>(statements.lock, [id]);
      if (order === undefined) return undefined;
      if (order.state === 'rejected' && isYes) say({ type: 'late', order: id, decider });
      if (order.state !== 'pending' || !order.awaits.includes(decider)) return order.state;
      if (!isYes) return this.#reject(transaction, say, id, `${decider}: ${reason}`);
      if (!order.agreed.includes(decider)) await transaction.query(statements.agree, [id, decider]);
      const missing = order.awaits.filter((each) => each !== decider && !order.agreed.includes(each));
      if (missing.length > 0) return 'pending';
      await transaction.query(statements.confirm, [id]);
      await this.#options.announce(transaction, { type: 'OrderConfirmed', order: id });
      say({ type: 'confirmed', order: id });
      return 'confirmed';
    });
  }

  /**
   * Nothing stays pending for ever: rejects what was placed longer ago than `limitMs`, the oldest first.
   * @returns how many
   */
  async giveUp(limitMs: number, most = 100): Promise<number> {
    const isDuration = limitMs >= 0 && limitMs < Infinity;
    if (!isDuration) throw new RangeError(`Cannot give up orders as 'limitMs' must be finite and not negative: current value is ${limitMs}`);
    if (!(Number.isInteger(most) && most > 0)) throw new RangeError(`Cannot give up orders as 'most' must be a positive integer: current value is ${most}`);
    return this.#tell(async (transaction, say) => {
      const overdue = await transaction.query<{ id: string }>(statements.overdue, [limitMs, most]);
      for (const { id } of overdue) await this.#reject(transaction, say, id, `no decision within ${limitMs} ms`);
      return overdue.length;
    });
  }
  // #endregion decide

  async #reject(transaction: Transaction, say: Say, id: string, reason: string): Promise<OrderState> {
    await transaction.query(statements.reject, [id, reason]);
    await this.#options.announce(transaction, { type: 'OrderRejected', order: id });
    say({ type: 'rejected', order: id });
    return 'rejected';
  }

  /** What happened is told when it is stored. */
  async #tell<Result>(work: (transaction: Transaction, say: Say) => Promise<Result>): Promise<Result> {
    const { onEvent = () => {} } = this.#options;
    const happened: OrderEvent[] = [];
    const result = await this.#database.transaction((transaction) => work(transaction, (event) => happened.push(event)));
    happened.forEach((event) => onEvent(event));
    return result;
  }
}

type Say = (event: OrderEvent) => void;
interface Waiting { readonly state: OrderState; readonly awaits: readonly Decider[]; readonly agreed: readonly Decider[] }

function sameOrder(before: Order & OrderRequest, { id, customer, sku, pieces }: OrderRequest): Order {
  const isSame = before.customer === customer && before.sku === sku && before.pieces === pieces;
  if (!isSame) throw new OrderConflictError(`order '${id}' is another one`);
  return orderOf(before);
}

function orderOf({ id, state, totalCents, reason }: Order): Order {
  return { id, state, totalCents, reason };
}

function requireOrder({ id, customer, sku, pieces }: OrderRequest): void {
  for (const [name, value] of Object.entries({ id, customer, sku })) {
    if (value === '') throw new RangeError(`Cannot place an order as '${name}' must not be empty`);
  }
  const isCount = Number.isInteger(pieces) && pieces > 0 && pieces <= 1_000;
  if (!isCount) throw new RangeError(`Cannot place an order as 'pieces' must be an integer from 1 to 1000: current value is ${pieces}`);
}
