import { ProcessDiedError } from '../lab.ts';
import type { Lab, LabTransaction, LabWorld } from '../lab.ts';
import { outboxSchema } from './schema.ts';
import { OutboxRelay, recordEvent } from './transactional-outbox.ts';

/** Orders places an order and tells shipping of it; the process dies where the reader says. */
export const lab: Lab = {
  points: {
    none: 'Nowhere',
    'before-commit': 'Before the commit',
    'before-publish': 'After the commit, before the event is published',
    'before-mark': 'After the event is published, before it is marked',
  },
  variants: [{ id: 'without', label: 'Publish after the commit' }, { id: 'with', label: 'Transactional outbox' }],
  setup: (variant) => `create table orders (id text primary key, state text not null); ${variant === 'with' ? outboxSchema : ''}`,
  tables: (variant) => [
    { title: 'orders', query: 'select id, state from orders order by id' },
    ...variant === 'with' ? [{ title: 'outbox', query: 'select id, key, type, published_at is not null as published from outbox order by id' }] : [],
  ],
  play: (world, variant) => (variant === 'with' ? withOutbox(world) : publishAfterCommit(world)),
};

const order = 'order-1';

async function publishAfterCommit(world: LabWorld): Promise<void> {
  const shipping = new Shipping(world);
  await placeOrder(world, () => Promise.resolve());
  await world.say('The order is committed. That shipping has to be told, only the memory of the process knows.');
  await untilDeath(() => {
    world.dieAt('before-publish');
    shipping.receive('message-1');
    world.dieAt('before-mark');
  });
  if (world.restart()) {
    await (shipping.parcels === 0
      ? world.say('The process died and started again. It remembers nothing: the order stands, and nobody will publish its event.', 'bad')
      : world.say('The process died after publishing. Without an outbox there is nothing to mark, so this crash does no harm.'));
  }
  await conclude(world, shipping);
}

async function withOutbox(world: LabWorld): Promise<void> {
  const shipping = new Shipping(world);
  await placeOrder(world, (transaction) => recordEvent(transaction, { key: order, type: 'OrderPlaced', payload: { id: order } }));
  await world.say('One commit, two rows: the order, and the event that still has to be published.');
  const relay = new OutboxRelay(world.database, async ({ message }) => {
    world.dieAt('before-publish');
    shipping.receive(message);
    world.dieAt('before-mark');
  });
  await untilDeath(() => relay.pass());
  if (world.restart()) {
    await world.say(shipping.parcels === 0
      ? 'The relay died before it published. The row still waits, so nothing is lost.'
      : 'The relay died after publishing, and its mark was rolled back. The row still waits and will go out a second time.');
    await new OutboxRelay(world.database, async ({ message }) => shipping.receive(message)).pass();
  }
  await world.say('The relay has published what waited, and marked it.');
  await conclude(world, shipping);
}

/** The customer tries again until the order is placed. */
async function placeOrder(world: LabWorld, alongside: (transaction: LabTransaction) => Promise<unknown>): Promise<void> {
  const attempt = (): Promise<void> => world.database.transaction(async (transaction) => {
    await transaction.query('insert into orders values ($1, $2)', [order, 'placed']);
    await alongside(transaction);
    world.dieAt('before-commit');
  });
  await untilDeath(attempt);
  if (!world.restart()) return;
  await world.say('The process died before the commit, and PostgreSQL rolled everything back. The customer saw an error and orders again.');
  await attempt();
}

async function untilDeath(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProcessDiedError)) throw error;
  }
}

async function conclude(world: LabWorld, { copies, parcels }: Shipping): Promise<void> {
  if (parcels === 0) return world.say('In the end: an order without a parcel.', 'bad');
  await world.say(copies === 1 ? 'In the end: one order, one message, one parcel.' : `In the end: one order, ${copies} copies of one message, one parcel, because shipping knows the message by its id.`, 'good');
}

/** Another service. It sends one parcel for each message, however many copies arrive. */
class Shipping {
  readonly #received: { message: string; effect: string }[] = [];

  constructor(world: LabWorld) {
    world.outside('What shipping received', this.#received);
  }

  receive(message: string): void {
    const known = this.#received.some((each) => each.message === message);
    this.#received.push({ message, effect: known ? 'dropped, seen before' : 'parcel sent' });
  }

  get copies(): number {
    return this.#received.length;
  }

  get parcels(): number {
    return this.#received.filter(({ effect }) => effect === 'parcel sent').length;
  }
}
