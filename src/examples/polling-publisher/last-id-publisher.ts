import type { Database, OutboxEvent, Publish } from '../transactional-outbox/contract.ts';
import { statements } from './schema.ts';

/**
 * What not to build: remembers the last id and asks for larger ones.
 * An event that commits late, with a smaller id, is never seen; and two of these publish everything twice.
 */
export class LastIdPublisher {
  readonly #database: Database;
  readonly #publish: Publish;
  #last = '0';

  constructor(database: Database, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  /** @returns the number of events published */
  async poll(): Promise<number> {
    const batch = await this.#database.transaction((transaction) => transaction.query<OutboxEvent>(statements.after, [this.#last, 100]));
    for (const event of batch) {
      await this.#publish(event, new AbortController().signal);
      this.#last = event.id;
    }
    return batch.length;
  }
}
