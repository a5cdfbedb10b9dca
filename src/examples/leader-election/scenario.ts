import { count, defineScenario, plain } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Fence } from './fence.ts';
import { Candidate } from './leader-election.ts';
import type { LeaseStore, Term } from './leader-election.ts';
import { MemoryLease } from './memory-lease.ts';
import { Process } from './process.ts';

const faultMs = 10_000;
const replicas = 3;
const usefulMs = 8_000;
const durationMs = 60_000;
const roundTripMs = 20;

/** A supplier's feed allows one reader. What it says is booked into the stock of the shop: read, add, write. */
export const scenario = defineScenario({
  title: 'The instance that books the supplier’s feed stands still',
  durationMs,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What the leader does after 10 s', options: { pause: 'stands still right before a write', crash: 'crashes and comes back', nothing: 'nothing' }, default: 'pause' },
    faultSeconds: { kind: 'number', label: 'For how long', unit: 's', min: 1, max: 40, step: 1, default: 15 },
    leaseMs: { kind: 'number', label: 'Length of the lease', unit: 'ms', min: 200, max: 20_000, step: 100, default: 4_000 },
    hiccupMs: { kind: 'number', label: 'Small pauses of every process, every 3 s, on average', unit: 'ms', min: 0, max: 1_000, step: 50, default: 100 },
    warmUpMs: { kind: 'number', label: 'A new leader reads the stock for', unit: 'ms', min: 0, max: 5_000, step: 100, default: 1_000 },
    perSecond: { kind: 'number', label: 'Lines in the feed', unit: 'per second', min: 1, max: 12, step: 1, default: 6 },
  },
  variants: [{ id: 'one', label: 'one fixed instance' }, { id: 'lease', label: 'lease alone' }, { id: 'with', label: 'lease and fencing' }],
  charts: [
    { kind: 'rate', series: 'booked', title: 'Lines booked, per second' },
    { kind: 'level', series: 'waiting', title: 'Lines that wait in the feed', unit: 'lines' },
    { kind: 'level', series: 'leaders', title: 'Instances that work as leader', unit: 'instances' },
    { kind: 'sum', series: 'lost', title: 'Bookings overwritten by a stale write' },
  ],
  stations: [
    { id: 'feed', label: 'Feed', shape: 'queue', fill: { series: 'waiting', most: { value: 100 } } },
    { id: 'leader', label: 'Leader', shape: 'service' },
    { id: 'stock', label: 'Stock', shape: 'store' },
  ],
  flows: [
    { from: 'feed', to: 'leader', series: 'read' },
    { from: 'leader', to: 'stock', series: 'booked', failing: 'stale' },
  ],
  measure: { total: 'right', label: 'lines booked within 8 s and not overwritten', better: 'more' },
  tries: [
    { id: 'pause', title: 'A leader stands still for 15 s', settings: {}, notice: 'The fixed instance leaves the feed alone until it runs again. With a lease another takes over, and then the old one wakes up, in the middle of a write: for a moment there are two leaders, and its write, based on the stock of 15 s ago, takes back what the new one has booked. The fence refuses that one write, and nothing else differs.' },
    { id: 'crash', title: 'A leader crashes', settings: { fault: 'crash', faultSeconds: 25 }, notice: 'A process that is gone writes no more, so here the lease alone is as good as the fence. The feed waits for the rest of the lease and for the new leader to read the stock.' },
    { id: 'short', title: 'A lease that is shorter than a small pause', settings: { fault: 'nothing', leaseMs: 300, hiccupMs: 700, warmUpMs: 3_000 }, hurts: true, notice: 'Nothing is broken. But small pauses are longer than the lease, so the office changes hands all the time, and each new leader reads the stock again before it books a line. The fixed instance catches up after every pause.' },
    { id: 'long', title: 'A lease that is longer than the fault', settings: { leaseMs: 20_000, faultSeconds: 10 }, notice: 'The leader wakes up before its lease has run out, and nobody has replaced it: no second leader, no stale write, and no help either. A long lease is a long time without anybody.' },
  ],
  outcome({ totals }) {
    const { offered = 0, right = 0, lost = 0, stale = 0, terms = 0 } = totals;
    return `${plain(right)} of ${count(offered, 'line')} booked in time and kept; ${count(lost, 'booking')} overwritten, ${count(stale, 'stale write')} refused, ${count(terms, 'term')}.`;
  },
});

interface Booking { fedMs: number; bookedMs: number }

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const lease: LeaseStore = new MemoryLease(simulation);
  const fence = new Fence('stock');
  const feed: number[] = [];
  let leaders = 0;
  let isFaulty = false;
  /** The stock, as the bookings in it. Who writes writes all of it. */
  let stock: Booking[] = [];
  record.expect('offered', 'read', 'booked', 'lost', 'stale', 'right', 'terms');
  record.level('waiting', () => feed.length);
  record.level('leaders', () => leaders);
  const arrivals = simulation.stream('feed');
  const arrive = (): void => {
    feed.push(simulation.now());
    record.count('offered');
    simulation.schedule(arrivals.exponential(1_000 / settings.perSecond), arrive);
  };
  simulation.schedule(arrivals.exponential(1_000 / settings.perSecond), arrive);

  simulation.schedule(durationMs - 1, () => record.count('right', stock.filter(({ fedMs, bookedMs }) => bookedMs - fedMs <= usefulMs).length));

  const write = (epoch: number, known: Booking[], fedMs: number): void => {
    if (variant === 'with') {
      try {
        fence.admit(epoch);
      } catch {
        feed.unshift(fedMs); // nobody has acknowledged it
        return record.count('stale');
      }
    }
    if (stock !== known) record.count('lost', stock.filter((booking) => !known.includes(booking)).length);
    stock = [...known, { fedMs, bookedMs: simulation.now() }];
    record.count('booked');
  };
  const start = (at: number): void => {
    const process = new Process(simulation);
    const stop = new AbortController();
    const pause = (ms: number): void => {
      process.pause();
      simulation.setTimeout(() => process.resume(), ms);
    };
    const work = async ({ epoch, signal, assertHeld }: Pick<Term, 'epoch' | 'signal' | 'assertHeld'>): Promise<void> => {
      record.count('terms');
      leaders += 1;
      try {
        await process.sleep(settings.warmUpMs, signal);
        assertHeld();
        if (variant === 'with') fence.admit(epoch);
        for (let line = 0; ; line++) {
          await process.sleep(feed.length === 0 ? 50 : simulation.stream('work', at, line).lognormal(50, 0.3), signal);
          assertHeld();
          const next = feed.shift();
          if (next === undefined) continue;
          record.count('read');
          const known = stock;
          if (settings.fault !== 'nothing' && !isFaulty && simulation.now() >= faultMs) {
            isFaulty = true;
            if (settings.fault === 'pause') pause(settings.faultSeconds * 1_000);
            else {
              process.pause(); // for ever
              leaders -= 1;
              feed.unshift(next);
              simulation.setTimeout(() => start(at), settings.faultSeconds * 1_000);
            }
          }
          await process.sleep(roundTripMs / 2);
          write(epoch, known, next);
        }
      } finally {
        leaders -= 1;
      }
    };
    const random = simulation.stream('pauses', at);
    const hiccup = (): void => void simulation.schedule(random.exponential(3_000), () => {
      if (!process.isPaused && settings.hiccupMs > 0) pause(random.exponential(settings.hiccupMs));
      hiccup();
    });
    hiccup();
    const over = async <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
      await process.sleep(roundTripMs / 2);
      const result = await answer();
      await process.sleep(roundTripMs / 2);
      return result;
    };
    const store: LeaseStore = { acquire: (...args) => over(() => lease.acquire(...args)), renew: (...args) => over(() => lease.renew(...args)), release: (...args) => over(() => lease.release(...args)) };
    const retries = simulation.stream('retries', at);
    const candidate = new Candidate({ name: 'feed', id: `${at}`, store, leaseMs: settings.leaseMs, clock: process, random: () => retries.uniform(0, 1) });
    simulation.spawn(() => variant === 'one' ? work({ epoch: 1, signal: stop.signal, assertHeld: () => {} }) : candidate.run(work, stop.signal));
  };
  for (let at = 0; at < (variant === 'one' ? 1 : replicas); at++) start(at);
}
