import { UndeclaredEventError } from './contract.ts';
import type { Envelope, EventType, Occurrence, Reaction, Service, Store, StoreTransaction, Work } from './contract.ts';
import { Fields, UnreadableEventError } from './fields.ts';

export interface ParticipantOptions {
  /** Unique for ever within this service, such as a UUID. */
  newId: () => string;
  /** RFC 3339. */
  time: () => string;
  /** Must not throw. */
  onEvent?: (occurrence: Occurrence) => void;
}

/**
 * One service of an event-driven system. Delivery may be late, repeated and in any order: a fact is handled once,
 * together with what the service keeps and what it announces in turn. Attributes as in CloudEvents 1.0.
 */
export class Participant {
  readonly #service: Service;
  readonly #store: Store;
  readonly #options: Required<ParticipantOptions>;
  readonly #reactions: ReadonlyMap<string, Reaction>;

  constructor(service: Service, store: Store, options: ParticipantOptions) {
    this.#service = service;
    this.#store = store;
    this.#options = { onEvent: () => {}, ...options };
    this.#reactions = new Map(service.reactions.map((reaction) => [reaction.on.type, reaction]));
    if (this.#reactions.size < service.reactions.length) {
      throw new RangeError(`'${service.name}' must react once to each kind of event: found ${service.reactions.map(({ on }) => on.type).join(', ')}`);
    }
  }

  // #region receive
  /**
   * Acknowledge the delivery when this has resolved, also for what was ignored or repeated.
   * @throws UnreadableEventError (set it aside); any other error: let it be delivered again
   */
  async receive(event: Envelope, signal: AbortSignal = new AbortController().signal): Promise<void> {
    signal.throwIfAborted();
    const reaction = this.#reactions.get(event.type);
    if (reaction === undefined) return this.#tell('ignored', event);
    const fact = { id: event.id, subject: event.subject, version: event.subjectversion, data: this.#read(reaction.on, event) };
    await this.#inTransaction(async (transaction, announced) => {
      if (!await transaction.remember(`${event.source} ${event.id}`)) return this.#later(announced, 'repeated', event);
      const cause = { correlationid: event.correlationid, causationid: event.id };
      await reaction.react(fact, this.#work(transaction, reaction.announces, cause, announced, signal));
      this.#later(announced, 'reacted', event);
    });
  }
  // #endregion receive

  /** Something that begins here, called by a person or a clock. `correlationid` is that of the request. */
  async act(correlationid: string, act: (work: Work) => Promise<void>, signal: AbortSignal = new AbortController().signal): Promise<void> {
    signal.throwIfAborted();
    await this.#inTransaction((transaction, announced) => act(this.#work(transaction, this.#service.announces, { correlationid }, announced, signal)));
  }

  // #region announce
  #work(transaction: StoreTransaction, declared: readonly EventType<unknown>[], cause: Pick<Envelope, 'correlationid' | 'causationid'>, told: Occurrence[], signal: AbortSignal): Work {
    const { name } = this.#service;
    return {
      signal,
      get: async <Value>(key: string) => await transaction.get(key) as Value | undefined,
      put: (key, value) => transaction.put(key, value),
      announce: async (type, subject, data) => {
        if (type.owner !== name || !declared.includes(type)) {
          throw new UndeclaredEventError(`'${name}' has not declared that it announces '${type.type}' here: expected one of ${declared.map((each) => each.type).join(', ') || 'none'}`);
        }
        const counted = `version of ${subject}`;
        const subjectversion = (await transaction.get(counted) as number | undefined ?? 0) + 1;
        transaction.put(counted, subjectversion);
        const event: Envelope = {
          specversion: '1.0', id: this.#options.newId(), source: name, type: type.type, subject, subjectversion,
          time: this.#options.time(), datacontenttype: 'application/json', ...cause,
          data: this.#promised(type, data),
        };
        transaction.append(event);
        this.#later(told, 'announced', event);
      },
    };
  }
  // #endregion announce

  /** Nothing leaves that no reader could read, or that nobody has promised. */
  #promised(type: EventType<unknown>, data: unknown): unknown {
    try {
      return type.read(new Fields(type.type, data));
    } catch (error) {
      // Not unreadable: that would set aside the event that is reacted to, which is sound.
      if (error instanceof UnreadableEventError) throw new UndeclaredEventError(`'${this.#service.name}' has not declared data like this: ${error.message}`);
      throw error;
    }
  }

  #read(type: EventType<unknown>, event: Envelope): unknown {
    try {
      return type.read(new Fields(event.type, event.data));
    } catch (error) {
      if (error instanceof UnreadableEventError) this.#tell('unreadable', event);
      throw error;
    }
  }

  /** What happened is told when it is stored. */
  async #inTransaction(work: (transaction: StoreTransaction, happened: Occurrence[]) => Promise<void>): Promise<void> {
    const happened: Occurrence[] = [];
    await this.#store.transaction((transaction) => work(transaction, happened));
    for (const occurrence of happened) this.#options.onEvent(occurrence);
  }

  #later(happened: Occurrence[], what: Occurrence['happened'], event: Envelope): void {
    happened.push({ service: this.#service.name, happened: what, event });
  }

  #tell(what: Occurrence['happened'], event: Envelope): void {
    this.#options.onEvent({ service: this.#service.name, happened: what, event });
  }
}
