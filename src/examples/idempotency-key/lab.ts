import { ProcessDiedError } from '../lab.ts';
import type { Lab, LabDatabase, LabWorld } from '../lab.ts';
import { IdempotencyKeys, KeyBusyError } from './idempotency-key.ts';
import type { Reply } from './idempotency-key.ts';
import { idempotencySchema } from './schema.ts';

const leaseMs = 60_000;
const key = 'checkout-7f3a-0001';
const created: Reply = { status: 201, body: { payment: 'done' } };

/** A customer pays; the process dies where the reader says, or the same request arrives twice at once. The client tries again with the same key. */
export const lab: Lab = {
  points: {
    none: 'Nowhere; the client repeats the request for no reason',
    'before-charge': 'Before the card is charged',
    'before-commit': 'After the charge, before the commit',
    'before-reply': 'After the commit, before the reply is sent',
    twice: 'Nowhere, but the request arrives twice at once',
  },
  variants: [{ id: 'without', label: 'Look first, then insert' }, { id: 'with', label: 'Idempotency key' }],
  setup: (variant) => `create table payments (id bigint generated always as identity, request text not null, cents integer not null); ${variant === 'with' ? idempotencySchema : ''}`,
  tables: (variant) => [
    { title: 'payments', query: 'select id, request, cents from payments order by id' },
    ...variant === 'with' ? [{ title: 'idempotency_key', query: "select key, status, case when status is not null then 'answered' when lease_until > now() then 'at work' else 'free to take over' end as lease from idempotency_key" }] : [],
  ],
  play: (world, variant) => (variant === 'with' ? play(world, withKey(world)) : play(world, lookThenInsert(world))),
};

type Handler = (provider: Provider) => Promise<string>;

async function play(world: LabWorld, handle: Handler): Promise<void> {
  const provider = new Provider(world);
  const answers: { attempt: string; answer: string }[] = [];
  world.outside('What the client was told', answers);
  const ask = async (attempt: string): Promise<void> => {
    try {
      answers.push({ attempt, answer: await handle(provider) });
    } catch (error) {
      if (error instanceof KeyBusyError) answers.push({ attempt, answer: '409: the first one is still at work' });
      else if (error instanceof ProcessDiedError) answers.push({ attempt, answer: 'no answer: connection lost' });
      else throw error;
    }
  };
  if (isTwice(world)) {
    await Promise.all([ask('first'), ask('first, second copy')]);
    await world.say('Two copies of the request were at work at the same time.');
  } else {
    await ask('first');
    await world.say(world.restart() ? 'The process died and started again. The client knows only that no answer came.' : 'The first request was answered.');
  }
  await ask('retry');
  await world.say('The client has sent the request again, with the same key.');
  if (answers.at(-1)?.answer.startsWith('409') === true) {
    world.passMs(leaseMs);
    await world.say('A minute has passed and the lease of the dead attempt has ended.');
    await ask('retry after the lease');
    await world.say('Another retry takes the key over, with the same downstream key.');
  }
  const { charges } = provider;
  await world.say(charges === 1 ? 'In the end: the customer was charged once.' : 'In the end: the customer was charged twice.', charges === 1 ? 'good' : 'bad');
}

/** `dieAt` reports the reader's choice by dying there; this choice kills nobody. */
function isTwice(world: LabWorld): boolean {
  try {
    world.dieAt('twice');
    return false;
  } catch {
    return world.restart();
  }
}

function lookThenInsert(world: LabWorld): Handler {
  const one = async <Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> => world.database.transaction((transaction) => transaction.query<Row>(text, values));
  return async (provider) => {
    const [known] = await one('select id from payments where request = $1', [key]);
    if (known !== undefined) return '200: already paid';
    world.dieAt('before-charge');
    await provider.charge();
    world.dieAt('before-commit');
    await one('insert into payments (request, cents) values ($1, 4200)', [key]);
    world.dieAt('before-reply');
    return '201: paid';
  };
}

function withKey(world: LabWorld): Handler {
  const keys = new IdempotencyKeys(world.database as LabDatabase, { leaseMs });
  return async (provider) => {
    const answer = await keys.execute({ tenant: 'web shop', key, operation: 'POST /payments', payload: { cents: 4200 } }, {
      call: async (downstreamKey) => {
        world.dieAt('before-charge');
        await provider.charge(downstreamKey);
        world.dieAt('before-commit');
      },
      commit: async (transaction) => {
        await transaction.query('insert into payments (request, cents) values ($1, 4200)', [key]);
        return created;
      },
    });
    world.dieAt('before-reply');
    return answer.replayed ? `${answer.status}: paid (the stored answer)` : `${answer.status}: paid`;
  };
}

/** The payment provider: outside of every transaction of ours. It knows a repeat by its key, if it gets one. */
class Provider {
  readonly #received: { key: string; effect: string }[] = [];

  constructor(world: LabWorld) {
    world.outside('What the payment provider did', this.#received);
  }

  async charge(downstreamKey?: string): Promise<void> {
    const known = downstreamKey !== undefined && this.#received.some((each) => each.key === downstreamKey);
    this.#received.push({ key: downstreamKey ?? 'none', effect: known ? 'known key, nothing done' : 'card charged 42.00' });
  }

  get charges(): number {
    return this.#received.filter(({ effect }) => effect.startsWith('card charged')).length;
  }
}
