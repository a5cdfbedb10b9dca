import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { Clock } from '../clock.ts';
import { StaleEpochError } from './contract.ts';
import { Fence } from './fence.ts';
import { Candidate, LeadershipLostError } from './leader-election.ts';
import type { CandidateEvent, CandidateOptions, LeaseStore, Term } from './leader-election.ts';
import { MemoryLease } from './memory-lease.ts';
import { Process } from './process.ts';

const leaseMs = 10_000;

/** Some candidates for one lease; each one's work runs until its term is over, and looks at its term every 100 ms. */
function setUp(options: Partial<CandidateOptions> = {}, own: { store?: (lease: LeaseStore, at: number) => LeaseStore; clock?: (clock: Clock, at: number) => Clock } = {}) {
  const clock = new VirtualClock();
  const lease = new MemoryLease(clock);
  const events: CandidateEvent[] = [];
  const terms: (Term & { at: number })[] = [];
  const candidates = [0, 1].map((at) => {
    const process = new Process(own.clock?.(clock, at) ?? clock);
    const stop = new AbortController();
    const candidate = new Candidate({ name: 'prices', id: `pod-${at}`, store: own.store?.(lease, at) ?? lease, leaseMs, clock: process, random: () => 0.5, onEvent: (event) => events.push(event), ...options });
    const work = async (term: Term): Promise<void> => {
      terms.push({ ...term, at, assertHeld: term.assertHeld });
      for (;;) {
        await process.sleep(100, term.signal);
        term.assertHeld();
      }
    };
    return { process, stop, candidate, start: (other = work) => candidate.run(other, stop.signal) };
  });
  const types = (): string[] => events.map(({ type, candidate }) => `${candidate} ${type}`);
  const [first, second] = candidates as [typeof candidates[0] & object, typeof candidates[0] & object];
  return { clock, lease, events, terms, types, first, second };
}

describe('one leader', () => {
  test('of two candidates one works, and goes on as long as it renews', async () => {
    const { clock, terms, first, second, types } = setUp();
    void first.start();
    void second.start();
    await clock.advance(300_000);
    expect(terms).toHaveLength(1);
    expect(types()).toEqual(['pod-0 elected']);
  });

  test('who stops waits for its work, gives the lease back, and the other takes over at its next question', async () => {
    const { clock, lease, first, second, types, events } = setUp();
    const done: number[] = [];
    const slow = async (term: Term): Promise<void> => {
      await new Promise((resolve) => { term.signal.addEventListener('abort', resolve); });
      await clock.sleep(1_500);
      done.push(clock.now());
    };
    const ended = first.start(slow);
    await clock.advance(100);
    void second.start();
    await clock.advance(20_000);
    first.stop.abort();
    await clock.advance(1_400);
    expect(lease.holder).toBe('pod-0');
    await clock.advance(2_700);
    await ended;
    expect(done).toEqual([21_600]);
    expect(types()).toEqual(['pod-0 elected', 'pod-0 left', 'pod-1 elected']);
    expect(events[1]).toMatchObject({ overMs: 0 });
  });

  test('work that comes to an end gives the office up, and the candidate asks again later', async () => {
    const { clock, first, types } = setUp();
    void first.start(() => clock.sleep(1_000));
    await clock.advance(4_000);
    expect(types()).toEqual(['pod-0 elected', 'pod-0 left', 'pod-0 elected']);
  });

  test('work that fails gives the lease back, and the error reaches the caller', async () => {
    const { clock, lease, first } = setUp();
    await expect(first.start(() => Promise.reject(new Error('no feed')))).rejects.toEqual(new Error('no feed'));
    expect(lease.holder).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test('who is stopped while it waits leaves nothing behind', async () => {
    const { clock, first, second } = setUp();
    void first.start();
    await clock.advance(1);
    const ended = second.start();
    await clock.advance(1);
    second.stop.abort();
    await ended;
    first.stop.abort();
    await clock.advance(1);
    expect(clock.pending).toBe(0);
    await second.start();
  });
});

describe('a leader that is gone', () => {
  test('is replaced when its lease ends, and the new term has a higher epoch', async () => {
    const { clock, terms, first, second } = setUp();
    void first.start();
    await clock.advance(1);
    void second.start();
    await clock.advance(20_000);
    first.process.pause(); // for ever: a crash
    await clock.advance(7_000);
    expect(terms).toHaveLength(1);
    await clock.advance(6_000);
    expect(terms.map(({ at, epoch }) => ({ at, epoch }))).toEqual([{ at: 0, epoch: 1 }, { at: 1, epoch: 2 }]);
  });

  test('that only stood still learns it before its next effect, although no timer has told it', async () => {
    const { clock, terms, first, second, types } = setUp();
    void first.start();
    await clock.advance(1);
    void second.start();
    await clock.advance(1_000);
    first.process.pause();
    await clock.advance(30_000);
    expect(terms[0]?.signal.aborted).toBe(false); // it cannot know
    expect(() => terms[0]?.assertHeld()).toThrow(new LeadershipLostError('prices', 1));
    first.process.resume();
    await clock.advance(10);
    expect(types()).toEqual(['pod-0 elected', 'pod-1 elected', 'pod-0 lost', 'pod-0 left']);
    expect(terms[0]?.signal.reason).toBeInstanceOf(LeadershipLostError);
  });

  test('and works on all the same is told apart by how long it was over its time', async () => {
    const { clock, first, events } = setUp({}, { store: (lease) => ({ acquire: (...args) => lease.acquire(...args), renew: () => Promise.reject(new Error('down')), release: () => Promise.reject(new Error('down')) }) });
    void first.start(() => clock.sleep(15_000)); // does not look at its signal
    await clock.advance(15_000);
    expect(events.filter(({ type }) => type !== 'unanswered')).toMatchObject([{ type: 'elected' }, { type: 'lost', why: 'expired', atMs: 8_000 }, { type: 'left', overMs: 7_000 }]);
  });
});

describe('a resource that refuses', () => {
  test('ends the term, and the candidate asks again', async () => {
    const { clock, lease, first, events } = setUp();
    let isLate = true;
    void first.start(async ({ epoch, signal }) => {
      await clock.sleep(1_000);
      if (isLate) throw new StaleEpochError('stock', epoch);
      await clock.sleep(60_000, signal);
    });
    await clock.advance(1_000);
    isLate = false;
    await clock.advance(3_000);
    expect(events.map(({ type }) => type)).toEqual(['elected', 'lost', 'left', 'elected']);
    expect(events[1]).toMatchObject({ why: 'fenced', atMs: 1_000 });
    expect(lease.holder).toBe('pod-0');
  });

  test('a write of another term is an error of the work', async () => {
    const { first } = setUp();
    const error = new StaleEpochError('stock', 7);
    await expect(first.start(() => Promise.reject(error))).rejects.toBe(error);
  });
});

test('what the work throws after the end of its term is not lost', async () => {
  const { clock, lease, first, events } = setUp();
  const error = new Error('half a file');
  void first.start(async ({ signal }) => {
    await new Promise((resolve) => { signal.addEventListener('abort', resolve); });
    throw error;
  });
  await clock.advance(1_000);
  await lease.release(1);
  await clock.advance(1_600);
  expect(events[2]).toMatchObject({ type: 'left', error });
});

describe('a grant that comes too late', () => {
  test('starts no work: the lease may be over already', async () => {
    const { clock, lease, first, terms, events } = setUp({}, { store: (own) => ({ acquire: async (...args) => { const epoch = await own.acquire(...args); await clock.sleep(9_000); return epoch; }, renew: (...args) => own.renew(...args), release: (...args) => own.release(...args) }) });
    void first.start();
    await clock.advance(9_100);
    expect(terms).toHaveLength(0);
    expect(events[1]).toMatchObject({ type: 'lost', why: 'expired', atMs: 9_000 });
    expect(lease.holder).toBeUndefined(); // given back
  });

  test('starts no work in a process that is told to stop', async () => {
    const { clock, lease, first, terms } = setUp({ onEvent: ({ type }) => { if (type === 'elected') first.stop.abort(); } });
    await first.start((term) => new Promise(() => { terms.push({ ...term, at: 0 }); }));
    expect([terms, lease.holder, clock.pending]).toEqual([[], undefined, 0]);
  });
});

describe('a store that does not answer', () => {
  test('two renewals: each is given up when the next is due, and the third saves the term', async () => {
    let asked = 0;
    const { clock, first, types } = setUp({}, { store: (lease) => ({ acquire: (...args) => lease.acquire(...args), renew: (...args) => ++asked % 3 === 0 ? lease.renew(...args) : new Promise(() => {}), release: (...args) => lease.release(...args) }) });
    void first.start();
    await clock.advance(60_000);
    expect(types()).not.toContain('pod-0 lost');
    expect(asked).toBeGreaterThanOrEqual(23);
  });

  test('once is no reason to stop: a later renewal saves the term', async () => {
    let asked = 0;
    const { clock, first, types } = setUp({}, { store: (lease) => ({ acquire: (...args) => lease.acquire(...args), renew: (...args) => ++asked % 3 === 0 ? lease.renew(...args) : Promise.reject(new Error('down')), release: (...args) => lease.release(...args) }) });
    void first.start();
    await clock.advance(60_000);
    expect(types()).not.toContain('pod-0 lost');
    expect(types().filter((type) => type === 'pod-0 unanswered').length).toBeGreaterThan(10);
  });

  test('for too long ends the term before another can begin, even if the question hangs for ever', async () => {
    const { clock, terms, first, second, events } = setUp({}, { store: (lease, at) => at === 1 ? lease : { acquire: (...args) => lease.acquire(...args), renew: () => new Promise(() => {}), release: () => new Promise(() => {}) } });
    void first.start();
    await clock.advance(1);
    void second.start();
    await clock.advance(30_000);
    const lost = events.find(({ type }) => type === 'lost');
    const next = events.find(({ type, candidate }) => type === 'elected' && candidate === 'pod-1');
    expect(lost).toMatchObject({ atMs: 8_000, why: 'expired' });
    expect(next?.atMs).toBeGreaterThanOrEqual(10_000);
    expect(terms.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('for too long also ends the term of work that only listens', async () => {
    const { clock, first, events } = setUp({}, { store: (lease) => ({ acquire: (...args) => lease.acquire(...args), renew: () => new Promise(() => {}), release: () => new Promise(() => {}) }) });
    void first.start((term) => new Promise((resolve) => { term.signal.addEventListener('abort', () => resolve()); }));
    await clock.advance(30_000);
    expect(events.filter(({ type }) => type === 'lost' || type === 'left').slice(0, 2)).toMatchObject([{ atMs: 8_000, why: 'expired' }, { atMs: 8_000, overMs: 0 }]);
  });

  test('in time: the lease counts from the question, not from the answer', async () => {
    const { clock, first, events } = setUp({}, { store: (lease) => ({
      acquire: async (...args) => { const epoch = await lease.acquire(...args); await clock.sleep(5_000); return epoch; },
      renew: () => Promise.reject(new Error('down')),
      release: (...args) => lease.release(...args),
    }) });
    void first.start();
    await clock.advance(12_000);
    expect(events.find(({ type }) => type === 'lost')).toMatchObject({ atMs: 8_000 });
  });

  test('and has granted: nobody leads until that lease has run out', async () => {
    let answers = false;
    const { clock, first, terms } = setUp({}, { store: (lease) => ({
      acquire: async (...args) => { const epoch = await lease.acquire(...args); if (!answers) throw new Error('reset'); return epoch; },
      renew: (...args) => lease.renew(...args), release: (...args) => lease.release(...args),
    }) });
    void first.start();
    await clock.advance(1);
    answers = true;
    await clock.advance(9_000);
    expect(terms).toHaveLength(0);
    await clock.advance(5_000);
    expect(terms).toHaveLength(1);
  });

  test('is left alone by who is stopped', async () => {
    const { clock, first, types } = setUp({}, { store: () => ({ acquire: () => new Promise(() => {}), renew: () => expect.fail('no term'), release: () => expect.fail('no term') }) });
    const ended = first.start();
    await clock.advance(1);
    first.stop.abort();
    await ended;
    expect([types(), clock.pending]).toEqual([[], 0]);
  });

  test('with a no ends the term at once', async () => {
    const { clock, lease, first, events } = setUp();
    void first.start();
    await clock.advance(1_000);
    await lease.release(1); // an operator takes it away
    await clock.advance(1_600);
    expect(events[1]).toMatchObject({ type: 'lost', why: 'refused', atMs: 2_500 });
  });
});

describe('clocks', () => {
  const slow = (factor: number) => (clock: Clock, at: number): Clock => at === 1 ? clock : { now: () => clock.now() * factor, setTimeout: (callback, ms) => clock.setTimeout(callback, ms / factor), clearTimeout: (timer) => clock.clearTimeout(timer), sleep: () => expect.fail('not used') };
  const silent = (lease: LeaseStore): LeaseStore => ({ acquire: (...args) => lease.acquire(...args), renew: () => Promise.reject(new Error('down')), release: () => Promise.reject(new Error('down')) });

  test('that are an hour apart change nothing, since only lengths are compared', async () => {
    const { clock, terms, first, second } = setUp({}, { clock: (own, at) => at === 1 ? own : { ...slow(1)(own, at), now: () => own.now() - 3_600_000 } });
    void first.start();
    await clock.advance(1);
    void second.start();
    await clock.advance(100_000);
    expect(terms).toHaveLength(1);
  });

  test('that run a fifth too slow are covered by the margin', async () => {
    const { clock, first, events } = setUp({}, { clock: slow(0.8), store: silent });
    void first.start();
    await clock.advance(20_000);
    expect(events.find(({ type }) => type === 'lost')).toBeDefined();
    expect((events.find(({ type }) => type === 'lost')?.atMs ?? Infinity) / 0.8).toBeLessThanOrEqual(10_000);
  });

  test('that run at half speed make two leaders: only the fence keeps the old one out', async () => {
    const { clock, terms, first, second } = setUp({}, { clock: slow(0.5), store: (lease, at) => at === 0 ? silent(lease) : lease });
    void first.start();
    await clock.advance(1);
    void second.start();
    await clock.advance(13_000);
    expect(terms.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(() => terms.forEach((term) => term.assertHeld())).not.toThrow(); // both believe it
    const fence = new Fence('prices');
    fence.admit(2);
    expect(() => fence.admit(1)).toThrow(new StaleEpochError('prices', 1));
    fence.admit(2);
    fence.admit(3);
  });
});

test('under pauses, failures and two clocks, terms never share an epoch and a fenced resource never goes back', async () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const { clock, lease, terms, first, second } = setUp({ random }, { store: (own) => ({ acquire: (...args) => own.acquire(...args), renew: (...args) => random() < 0.2 ? Promise.reject(new Error('down')) : own.renew(...args), release: (...args) => own.release(...args) }) });
  const fence = new Fence('prices');
  const written: number[] = [];
  let refused = 0;
  void first.start();
  void second.start();
  for (let step = 0; step < 400; step++) {
    for (const { process } of [first, second]) if (random() < 0.1) { if (process.isPaused) process.resume(); else process.pause(); }
    await clock.advance(random() * 3_000);
    // Everybody who ever had a term writes, whether it should or not.
    for (const { epoch } of terms) try { fence.admit(epoch); written.push(epoch); } catch { refused += 1; }
  }
  expect(terms.length).toBeGreaterThan(10);
  expect(new Set(terms.map(({ epoch }) => epoch)).size).toBe(terms.length);
  expect(written).toEqual(written.toSorted((a, b) => a - b));
  expect(refused).toBeGreaterThan(100);
  expect(lease).toBeDefined();
});

test('a release names its term, so it never takes the lease from the next leader', async () => {
  const { clock, lease } = setUp();
  await lease.acquire('pod-0', 1_000);
  await clock.advance(1_000);
  await lease.acquire('pod-1', 1_000);
  await lease.release(1);
  expect(lease.holder).toBe('pod-1');
  expect(await lease.renew(1, 1_000)).toBe(false);
});

test('a process that stands still lets nothing happen, and a timer that it cleared in between never fires', async () => {
  const clock = new VirtualClock();
  const process = new Process(clock);
  const fired: string[] = [];
  process.setTimeout(() => { fired.push('kept'); process.clearTimeout(other); }, 10);
  const other = process.setTimeout(() => fired.push('cleared'), 20);
  const third = process.setTimeout(() => fired.push('third'), 30);
  process.pause();
  await clock.advance(100);
  process.clearTimeout(third);
  expect([process.isPaused, fired]).toEqual([true, []]);
  process.resume();
  process.resume();
  expect(fired[0]).toBe('kept');
  expect(fired).not.toContain('third');
});

test('refuses options that make no sense', () => {
  const { lease } = setUp();
  const make = (options: Partial<CandidateOptions>) => () => new Candidate({ name: 'prices', id: 'pod', store: lease, leaseMs, ...options });
  expect(make({ leaseMs: 0 })).toThrow(new RangeError('leaseMs must be a positive number: current value is 0'));
  expect(make({ renewEveryMs: Number.NaN })).toThrow(new RangeError('renewEveryMs must be a positive number: current value is NaN'));
  expect(make({ retryEveryMs: -1 })).toThrow(new RangeError('retryEveryMs must be a positive number: current value is -1'));
  expect(make({ renewEveryMs: 2_700 })).toThrow(new RangeError('renewEveryMs must be at most a third of leaseMs without marginMs: current value is 2700'));
  expect(make({ renewEveryMs: 2_000, marginMs: 3_400 })).toThrow(new RangeError('marginMs must be at most a third of leaseMs: current value is 3400'));
  expect(make({})).not.toThrow();
});
