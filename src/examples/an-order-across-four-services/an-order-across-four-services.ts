import type { Clock, Random } from '../clock.ts';
import type { Database, Definition, Options, Progress } from '../saga/contract.ts';
import { openOrder, placeOrder } from '../saga/place-order.ts';
import type { Order, Participants } from '../saga/place-order.ts';
import { SagaOrchestrator } from '../saga/saga.ts';
import type { Publish, RelayOptions } from '../transactional-outbox/contract.ts';
import { OutboxRelay, recordEvent } from '../transactional-outbox/transactional-outbox.ts';

/** An order, and the headers of the request that placed it: they wait in the log of the saga as long as it does. */
export interface Placed extends Order { readonly headers: Readonly<Record<string, string>> }

// #region saga
/** Ends where nothing can be refused any more, and says so in its last transaction. */
export function orderSaga(participants: Participants): Definition<Placed> {
  const { steps, end } = placeOrder(participants);
  return {
    name: 'place order and announce, version 1',
    steps: steps.filter(({ kind }) => kind !== 'retriable'),
    end: async (open, order, state, placed) => {
      await end(open, order, state, placed);
      const type = state === 'completed' ? 'OrderConfirmed' : 'OrderCancelled';
      const payload = { totalCents: placed.totalCents };
      await recordEvent(open, { key: order, type, payload }, placed.headers);
    },
  };
}
// #endregion saga

export interface OrdersOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly saga?: Omit<Options, 'clock' | 'random'>;
  readonly relay?: Omit<RelayOptions, 'clock'>;
}

// #region service
/** One instance. Any number may run on the same database, and any may die. */
export class OrdersService {
  readonly #database: Database;
  readonly #orchestrator: SagaOrchestrator<Placed>;
  readonly #relay: OutboxRelay;
  readonly #onEvent: Options['onEvent'];

  constructor(
    database: Database, definition: Definition<Placed>, publish: Publish,
    { saga, relay, ...world }: OrdersOptions = {},
  ) {
    this.#database = database;
    this.#onEvent = saga?.onEvent;
    const sagaOptions = { ...saga, ...world };
    this.#orchestrator = new SagaOrchestrator(database, definition, sagaOptions);
    this.#relay = new OutboxRelay(database, publish, { ...relay, ...world });
  }

  /**
   * From its commit on, the order goes its way whatever happens here.
   * @returns how far it came at once; undefined if that is not known
   * @throws what the database throws at the commit, for a second order of this id too
   */
  async place(id: string, placed: Placed): Promise<Progress | undefined> {
    await this.#database.transaction(async (open) => {
      await openOrder(open, id, placed);
      await this.#orchestrator.start(open, id, placed);
    });
    try {
      return await this.#orchestrator.proceed(id);
    } catch (error) {
      this.#onEvent?.({ type: 'broken', saga: id, error });
      return undefined;
    } finally {
      this.#relay.wake();
    }
  }

  /** Until `signal` aborts: takes up what others left, publishes what is recorded. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#orchestrator.run(signal), this.#relay.run(signal)]);
  }
}
// #endregion service
