import { count, defineScenario, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { placeSlots, slotOf } from './placement.ts';
import { MemoryShard } from './shard.ts';
import type { ShardStore } from './shard.ts';
import { Router } from './sharding.ts';

const usefulMs = 1_000;
const slots = 64;
const customers = 400;
const moveMs = 5_000;
const bigWorkers = 8;
const shardWorkers = 4;
const names = ['a', 'b', 'c', 'd'];

/** Orders of customers, in the largest machine that there is, or in four of half its size. */
export const scenario = defineScenario({
  title: 'More orders than the largest database can take',
  durationMs: 20_000,
  frameMs: 500,
  parameters: {
    key: { kind: 'choice', label: 'The rows are placed by', options: { customer: 'customer', day: 'day of the order' }, default: 'customer' },
    perSecond: { kind: 'number', label: 'Calls', unit: 'per second', min: 10, max: 160, step: 5, default: 120 },
    hotPercent: { kind: 'number', label: 'Calls of one large customer', unit: '%', min: 0, max: 60, step: 5, default: 0 },
    readPercent: { kind: 'number', label: 'Share of reads', unit: '%', min: 0, max: 100, step: 10, default: 50 },
    move: { kind: 'flag', label: 'After 5 s, everything else leaves the shard of the large customer', default: false },
  },
  variants: [{ id: 'without', label: 'one large database' }, { id: 'with', label: 'four shards' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Calls answered within 1 s, per second' },
    { kind: 'level', series: 'most', title: 'Calls that wait at the busiest database', unit: 'calls' },
    { kind: 'level', series: 'least', title: 'Busy workers of the idlest database', unit: 'workers' },
    { kind: 'sum', series: 'moved', title: 'Slots moved' },
  ],
  stations: [
    { id: 'orders', label: 'Orders', shape: 'client' },
    { id: 'router', label: 'Router', shape: 'gate', only: ['with'] },
    { id: 'databases', label: 'Databases', shape: 'store', fill: { series: 'most', most: { value: 100 } } },
  ],
  flows: [
    { from: 'orders', to: 'router', series: 'offered', failing: 'late' },
    { from: 'router', to: 'databases', series: 'asked' },
  ],
  measure: { total: 'answered', label: 'calls answered within 1 s', better: 'more' },
  tries: [
    { id: 'size', title: 'One database is too small', settings: {}, notice: 'The large database does about a hundred calls a second and gets 120, so its queue grows without an end. Four machines of half its size have room to spare, as long as each call names one customer.' },
    { id: 'hot', title: 'One customer makes a third of the calls', settings: { hotPercent: 35 }, notice: 'All rows of a customer are on one shard, and so is its load. That shard drowns, together with every customer who happens to live there, and the others idle. A fifth shard would take some of its neighbours, but none of its own calls.' },
    { id: 'move', title: 'The neighbours move out', settings: { hotPercent: 35, move: true }, notice: 'After 5 s the other slots of the hot shard move to the rest, one after the other, while they are read and written. No call fails: those in the queue of the old owner are sent on, and a call to a slot that changes hands waits a moment. The large customer has the shard for itself, and that is just enough.' },
    { id: 'day', title: 'A bad key: the day of the order', settings: { key: 'day' }, hurts: true, notice: 'All new orders have today’s date, so one shard takes every write. A question for a customer names no day and goes to all four. The shard of today is half as large as the one database was, and it gets the same number of calls.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, asked = 0, moved = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'call')} answered within 1 s; ${count(asked, 'question')} to databases${moved > 0 ? `, ${count(moved, 'slot')} moved` : ''}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const isSharded = variant === 'with';
  const owners = isSharded ? placeSlots(slots, names) : Array<string>(slots).fill('a');
  const services = (isSharded ? names : ['a']).map(() => new Service(simulation, { workers: isSharded ? shardWorkers : bigWorkers }));
  const work = simulation.stream('work');
  const shards = new Map<string, ShardStore>(services.map((service, at) => {
    const name = names[at]!;
    const memory = new MemoryShard(name, owners.flatMap((owner, slot) => owner === name ? [slot] : []));
    const after = async <Answer>(step: () => Promise<Answer>): Promise<Answer> => {
      record.count('asked');
      await service.serve(work.lognormal(75, 0.3));
      return step();
    };
    /** From the log of changes and a replica, so that a move does not stand in the queue. */
    const aside = async <Answer>(step: () => Promise<Answer>): Promise<Answer> => {
      await simulation.sleep(30);
      return step();
    };
    return [name, {
      get: (...args) => after(() => memory.get(...args)), put: (...args) => after(() => memory.put(...args)),
      scan: (...args) => after(() => memory.scan(...args)), copy: (...args) => aside(() => memory.copy(...args)),
      changed: (slot) => aside(() => memory.changed(slot)), freeze: (slot) => aside(() => memory.freeze(slot)),
      thaw: (slot) => memory.thaw(slot), load: (...args) => aside(() => memory.load(...args)),
      own: (slot) => memory.own(slot), drop: (slot) => memory.drop(slot),
    }];
  }));
  const map = { read: async () => [...owners], assign: async (slot: number, shard: string) => { owners[slot] = shard; } };
  const make = (): Router => new Router({ shards, map, clock: simulation });
  const router = make();
  record.expect('offered', 'answered', 'late', 'asked', 'moved');
  record.level('most', () => Math.max(...services.map(({ queued }) => queued)));
  record.level('least', () => Math.min(...services.map(({ busy }) => busy)));

  const today = 'day 7';
  poissonArrivals(simulation, settings.perSecond, (call) => {
    const random = simulation.stream('call', call);
    const customer = random.chance(settings.hotPercent / 100) ? 'large' : `customer ${random.below(customers)}`;
    const isRead = random.chance(settings.readPercent / 100);
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      if (settings.key === 'customer') await (isRead ? router.get(customer) : router.put(customer, `call ${call}`));
      else await (isRead ? router.scatter(() => false) : router.put(today, `call ${call}`));
      record.count(simulation.now() - startMs <= usefulMs ? 'answered' : 'late');
    });
  });
  if (!settings.move || !isSharded) return;
  simulation.schedule(moveMs, () => simulation.spawn(async () => {
    const hotSlot = slotOf('large', slots);
    const [hot, others] = [owners[hotSlot], names.filter((name) => name !== owners[hotSlot])];
    const mover = make();
    for (const [slot, owner] of [...owners].entries()) {
      if (owner !== hot || slot === hotSlot) continue;
      await mover.move(slot, others[slot % others.length]!);
      record.count('moved');
    }
  }));
}
