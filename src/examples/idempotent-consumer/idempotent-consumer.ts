import { systemClock } from '../clock.ts';
import { OutOfTimeError } from './contract.ts';
import type { ConsumerEvent, Delivery, IdempotentConsumerOptions, Message, Outcome } from './contract.ts';
import { statements } from './schema.ts';

export { OutOfTimeError } from './contract.ts';
export type { ConsumerEvent, Database, Delivery, IdempotentConsumerOptions, Message, Transaction } from './contract.ts';

/**
 * Brings about the effect of each message once, however often and in however many instances it is delivered: the id is
 * remembered in the transaction of the effect (Idempotent Receiver, Hohpe and Woolf 2003, by explicit removal of copies).
 */
export class IdempotentConsumer<Body> {
  readonly #options: Required<Omit<IdempotentConsumerOptions<Body>, 'onEvent'>> & Pick<IdempotentConsumerOptions<Body>, 'onEvent'>;

  constructor(options: IdempotentConsumerOptions<Body>) {
    this.#options = { skewMs: 60_000, clock: systemClock, ...options };
    const { name, retainMs, skewMs } = this.#options;
    if (name === '') throw new RangeError('name must not be empty');
    if (!(retainMs >= 1 && retainMs < Infinity)) throw new RangeError(`retainMs must be a finite number of at least 1: current value is ${retainMs}`);
    if (!(skewMs >= 0 && skewMs < Infinity)) throw new RangeError(`skewMs must be a finite number of at least 0: current value is ${skewMs}`);
  }

  // #region receive
  /** @throws whatever the delivery throws; the message then comes again, and is a copy */
  async receive(delivery: Delivery<Body>): Promise<void> {
    try {
      await this.handle(delivery.message);
    } catch (error) {
      if (error instanceof OutOfTimeError) await delivery.reject(error);
      else await delivery.nack(error);
      return;
    }
    // After the commit, never before. A copy is acknowledged like the first: else it would come for ever.
    await delivery.ack();
  }
  // #endregion receive

  // #region handle
  /**
   * For those who have no delivery to settle, such as a webhook: answer with success whatever it returns.
   * @throws OutOfTimeError, or whatever the effect or the database throws; nothing is remembered then
   */
  async handle(message: Message<Body>): Promise<Outcome> {
    const { name, database, effect, retainMs, skewMs, clock } = this.#options;
    const { id, madeAt } = message;
    const startMs = clock.now();
    try {
      if (id === '') throw new RangeError('the id of a message must not be empty');
      const outcome = await database.transaction(async (transaction): Promise<Outcome> => {
        const [entry] = await transaction.query<{ isNew: boolean; isInTime: boolean }>(
          statements.admit, [name, id, madeAt, retainMs, skewMs]);
        if (!entry!.isNew) return 'copy';
        // Perhaps it was handled, and forgotten since.
        if (!entry!.isInTime) throw new OutOfTimeError(name, id, madeAt);
        await effect(message, transaction);
        return 'handled';
      });
      this.#emit(message, { type: outcome, durationMs: clock.now() - startMs });
      return outcome;
    } catch (error) {
      this.#emit(message, error instanceof OutOfTimeError ? { type: 'refused' } : { type: 'failed', error });
      throw error;
    }
  }
  // #endregion handle

  // #region forget
  /**
   * Forgets messages of which no copy can be admitted any more, at most `limit`; call it again until it returns less.
   * @returns how many
   */
  async forget(limit = 1_000): Promise<number> {
    if (!(Number.isSafeInteger(limit) && limit > 0)) throw new RangeError(`limit must be a positive integer: current value is ${limit}`);
    const { name, database, retainMs, skewMs } = this.#options;
    const keptMs = retainMs + skewMs;
    const gone = await database.transaction((transaction) => transaction.query(statements.forget, [name, keptMs, limit]));
    return gone.length;
  }
  // #endregion forget

  #emit({ id }: Message<Body>, what: { type: Outcome; durationMs: number } | { type: 'failed'; error: unknown } | { type: 'refused' }): void {
    const { name, clock, onEvent } = this.#options;
    const event: ConsumerEvent = { consumer: name, message: id, atMs: clock.now(), ...what };
    onEvent?.(event);
  }
}
