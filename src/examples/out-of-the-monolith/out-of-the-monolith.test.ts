import { describe, expect, test } from 'vitest';
import { bucketOf } from '../strangler-fig/routing.ts';
import { StranglerFacade } from '../strangler-fig/strangler-fig.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { NotOwnerError } from './ownership.ts';
import { Move, ownerOf, steps } from './out-of-the-monolith.ts';
import type { Catalogue, MoveEvent, Question } from './out-of-the-monolith.ts';

const skus = Array.from({ length: 100 }, (_, index) => `sku-${index}`);
const rules = { enough: 20, mayDiffer: 0.02, mayFail: 0.05 };
/** The rule that nobody wrote down: five per cent off from ten pieces on. */
const oldRule = ({ pieces }: Question): number => Math.round(1_000 * pieces * (pieces >= 10 ? 0.95 : 1));

/** The shop before the move: the new service exists, knows every product, and may have a fault. */
function shop(modernRule: (question: Question) => number = oldRule) {
  const clock = new VirtualClock();
  const events: MoveEvent[] = [];
  const owned = new Set<string>();
  const calls = { old: 0, modern: 0 };
  const service = { rule: modernRule, takesMs: 0 };
  const old: Catalogue = {
    price: async (question) => { calls.old += 1; return oldRule(question); },
    setPrice: async ({ sku }) => { if (owned.has(sku)) throw new NotOwnerError(sku); return 1; },
  };
  const modern: Catalogue = {
    price: async (question) => {
      calls.modern += 1;
      if (service.takesMs > 0) await clock.sleep(service.takesMs);
      return service.rule(question);
    },
    setPrice: async ({ sku }) => { if (!owned.has(sku)) throw new NotOwnerError(sku); return 2; },
  };
  const handing = { ms: 0, fails: false };
  const move = new Move(old, modern, {
    rules, maxRehearsals: 1_000, rehearsalTimeoutMs: 100, clock, onEvent: (event) => events.push(event),
    moveOwnership: async (share, signal) => {
      if (handing.ms > 0) await clock.sleep(handing.ms, signal);
      for (const sku of skus) {
        if (bucketOf('writes', sku) < share) owned.add(sku); else owned.delete(sku);
        if (handing.fails && owned.size > 0) throw new Error('no connection');
      }
    },
  });
  /** Each product once, for one piece and for twelve. @returns how many prices were wrong */
  const ask = async (pieces = [1, 12]): Promise<number> => {
    let wrong = 0;
    for (const sku of skus) for (const each of pieces) if (await move.price({ sku, pieces: each }) !== oldRule({ sku, pieces: each })) wrong += 1;
    await clock.advance(100);
    return wrong;
  };
  return { clock, events, owned, calls, service, handing, move, ask };
}

describe('the naive way', () => {
  test('shares by the calendar: as many wrong prices as the share, and every event says that all is well', async () => {
    const { clock, service } = shop(({ pieces }) => 1_000 * pieces);
    const events: MoveEvent[] = [];
    const facade = new StranglerFacade({ maxRehearsals: 0, rehearsalTimeoutMs: 1, clock, onEvent: (event) => events.push(event) });
    const price = facade.slice<Question, number>({ name: 'price', cohort: 'reads', effect: 'read', fallBack: true, keyOf: ({ sku }) => sku, legacy: async (question) => oldRule(question), modern: async (question) => service.rule(question) });
    const wrong: number[] = [];
    for (const share of [0.1, 0.5, 1]) {
      facade.setShare('reads', share);
      let each = 0;
      for (const sku of skus) if (await price({ sku, pieces: 12 }) !== oldRule({ sku, pieces: 12 })) each += 1;
      wrong.push(each);
    }
    expect(wrong).toEqual([0.1, 0.5, 1].map((share) => skus.filter((sku) => bucketOf('reads', sku) < share).length));
    expect(wrong.at(-1)).toBe(100);
    expect(events.filter((event) => event.type === 'fell-back' || (event.type === 'routed' && !event.ok))).toEqual([]);
  });
});

describe('step by step', () => {
  test('reads first, then writes, to the end; nobody gets a wrong price on the way', async () => {
    const { move, ask, owned } = shop();
    const names: string[] = [move.step.name];
    for (let each = 1; each < steps.length; each++) {
      expect(await ask()).toBe(0);
      expect(await move.decide()).toBe('on');
      names.push(move.step.name);
    }
    expect(names).toEqual(steps.map(({ name }) => name));
    expect(owned.size).toBe(100);
    await ask();
    expect(await move.decide()).toBe('stay');
  });

  test('no product is owned by the new service before all are read there', () => {
    for (const { reads, writes } of steps) if (writes > 0) expect(reads).toBe(1);
  });

  test('it waits for evidence of the rare kind', async () => {
    const { move, ask } = shop();
    await move.decide();
    await ask([1]);
    expect([await move.decide(), move.step.name]).toEqual(['stay', 'rehearse some']);
    await ask([12]);
    expect([await move.decide(), move.step.name]).toEqual(['on', 'rehearse all']);
  });

  test('a rule that nobody wrote down is found while the monolith answers everybody', async () => {
    const { move, ask, service } = shop(({ pieces }) => 1_000 * pieces);
    await move.decide();
    expect(await ask()).toBe(0);
    expect([await move.decide(), move.step.name]).toEqual(['back', 'rehearse some']);
    service.rule = oldRule;
    await ask();
    expect([await move.decide(), move.step.name]).toEqual(['on', 'rehearse all']);
  });

  test('a service that is too slow under full load fails as a rehearsal', async () => {
    const { move, ask, service, calls } = shop();
    await move.decide();
    await ask();
    await move.decide();
    service.takesMs = 500;
    calls.modern = 0;
    expect(await ask()).toBe(0);
    expect(calls.modern).toBe(200);
    expect(await move.decide()).toBe('back');
  });

  test('rehearsals that found no room count as failed', async () => {
    const clock = new VirtualClock();
    const slow: Catalogue = { price: async () => { await clock.sleep(50); return 1; }, setPrice: async () => 1 };
    const quick: Catalogue = { price: async () => 1, setPrice: async () => 1 };
    const move = new Move(quick, slow, { rules, maxRehearsals: 1, rehearsalTimeoutMs: 100, clock, moveOwnership: async () => {} });
    await move.decide();
    for (const sku of skus) for (const pieces of [1, 12]) await move.price({ sku, pieces });
    await clock.advance(100);
    expect(await move.decide()).toBe('back');
  });
});

describe('the way back', () => {
  const allMoved = async () => {
    const one = shop();
    while (one.move.step !== steps.at(-1)) {
      await one.ask();
      await one.move.decide();
    }
    return one;
  };

  test('a service that breaks at the end: reads fall back, and the next decision takes all of it home', async () => {
    const { move, ask, service, owned } = await allMoved();
    service.rule = () => { throw new Error('out of memory'); };
    expect(await ask()).toBe(0);
    expect([await move.decide(), move.step.name, owned.size]).toEqual(['back', 'rehearse some', 0]);
  });

  test('the kill switch sends all reads to the monolith, and writes still find their owner', async () => {
    const { move, ask, calls } = await allMoved();
    move.switchModern('off');
    calls.modern = 0;
    await ask();
    expect(calls.modern).toBe(0);
    expect(await move.setPrice({ sku: 'sku-1', priceCents: 5 })).toBe(2);
  });

  test('while products change hands nothing else is decided', async () => {
    const { clock, move, ask, handing } = shop();
    while (move.step.name !== 'all read') {
      await move.decide();
      await ask();
    }
    handing.ms = 1_000;
    const first = move.decide();
    expect(await move.decide()).toBe('stay');
    await clock.advance(1_000);
    expect([await first, move.step.name]).toEqual(['on', 'some write']);
  });

  test('ownership that could not be moved leaves the step, and may be tried again', async () => {
    let isBroken = true;
    const catalogue: Catalogue = { price: async () => 1, setPrice: async () => 1 };
    const clock = new VirtualClock();
    const move = new Move(catalogue, catalogue, { rules: { ...rules, enough: 1 }, maxRehearsals: 100, rehearsalTimeoutMs: 1, clock, moveOwnership: async () => { if (isBroken) throw new Error('no connection'); } });
    const ask = async () => { for (const sku of skus) for (const pieces of [1, 12]) await move.price({ sku, pieces }); await clock.advance(1); };
    while (move.step.name !== 'all read') {
      await ask();
      await move.decide();
    }
    await ask();
    await expect(move.decide()).rejects.toThrow('no connection');
    expect(move.step.name).toBe('all read');
    isBroken = false;
    expect(await move.decide()).toBe('on');
  });
});

describe('a write', () => {
  test('goes to the owner, whatever the façade thinks', async () => {
    const refuse = async (): Promise<never> => { throw new NotOwnerError('sku-1'); };
    const accept = async (): Promise<number> => 7;
    const signal = new AbortController().signal;
    expect(await ownerOf(refuse, accept)({}, signal)).toBe(7);
    expect(await ownerOf(accept, refuse)({}, signal)).toBe(7);
    await expect(ownerOf(refuse, refuse)({}, signal)).rejects.toThrow("'sku-1' is owned by the other side");
  });

  test('that failed is not tried on the other side: it may have been done', async () => {
    let others = 0;
    const likely = async (): Promise<never> => { throw new Error('connection reset'); };
    await expect(ownerOf(likely, async () => ++others)({}, new AbortController().signal)).rejects.toThrow('connection reset');
    expect(others).toBe(0);
  });
});

test('without clock and event hook it runs on the clock of the system', async () => {
  const catalogue: Catalogue = { price: async () => 1, setPrice: async () => 1 };
  const move = new Move(catalogue, catalogue, { rules, maxRehearsals: 1, rehearsalTimeoutMs: 1, moveOwnership: async () => {} });
  expect(await move.price({ sku: 'sku-1', pieces: 1 })).toBe(1);
});

describe('what must not move it', () => {
  const readBy = async (one: ReturnType<typeof shop>, name: string) => {
    while (one.move.step.name !== name) {
      await one.ask();
      await one.move.decide();
    }
    await one.ask();
  };

  test('the kill switch: with the new service off nothing is decided, and what was seen before counts no more', async () => {
    const one = shop();
    await readBy(one, 'all read');
    one.move.switchModern('off');
    expect([await one.move.decide(), one.move.step.name, one.owned.size]).toEqual(['stay', 'all read', 0]);
    one.move.switchModern('on');
    expect(await one.move.decide()).toBe('stay');
    await one.ask();
    expect([await one.move.decide(), one.move.step.name]).toEqual(['on', 'some write']);
  });

  test('answers to questions of the step before', async () => {
    const { move, ask, service, clock } = shop();
    await move.decide();
    await ask();
    service.takesMs = 50;
    for (const sku of skus) for (const pieces of [1, 12]) await move.price({ sku, pieces });
    await clock.advance(10);
    expect([await move.decide(), move.step.name]).toEqual(['on', 'rehearse all']);
    await clock.advance(100);
    expect([await move.decide(), move.step.name]).toEqual(['stay', 'rehearse all']);
  });

  test('rules that cannot be meant', () => {
    const withRules = (changes: object) => () => new Move({} as Catalogue, {} as Catalogue, { rules: { ...rules, ...changes }, maxRehearsals: 1, rehearsalTimeoutMs: 1, moveOwnership: async () => {} });
    for (const enough of [Number.NaN, 0, 1.5, -1, Infinity]) expect(withRules({ enough })).toThrow(`enough must be a positive integer: current value is ${enough}`);
    for (const mayDiffer of [Number.NaN, -0.1, 1.1]) expect(withRules({ mayDiffer })).toThrow('mayDiffer must be a number from 0 to 1');
    expect(withRules({ mayFail: Number.NaN })).toThrow('mayFail must be a number from 0 to 1: current value is NaN');
  });
});

test('a hand-over that broke off half-way is taken home as well', async () => {
  const one = shop();
  const { move, ask, handing, owned, service } = one;
  while (move.step.name !== 'all read') {
    await ask();
    await move.decide();
  }
  await ask();
  handing.fails = true;
  await expect(move.decide()).rejects.toThrow('no connection');
  expect([move.step.name, owned.size > 0]).toEqual(['all read', true]);
  handing.fails = false;
  service.rule = () => { throw new Error('out of memory'); };
  await ask();
  await ask();
  expect([await move.decide(), move.step.name, owned.size]).toEqual(['back', 'rehearse some', 0]);
});

test('it tells each step, and another process may go on from there', async () => {
  const { move, ask, events } = shop();
  await ask();
  await move.decide();
  expect(events.filter(({ type }) => type === 'step')).toEqual([{ type: 'step', step: steps[1] }]);
  const shares: number[] = [];
  const catalogue: Catalogue = { price: async () => 1, setPrice: async () => 1 };
  const later = new Move(catalogue, catalogue, { rules: { ...rules, enough: 1 }, from: 'some write', maxRehearsals: 1, rehearsalTimeoutMs: 1, moveOwnership: async (share) => void shares.push(share) });
  expect(later.step.name).toBe('some write');
  for (const pieces of [1, 10]) await later.price({ sku: 'sku-1', pieces });
  expect([await later.decide(), shares]).toEqual(['on', [1]]);
  expect(() => new Move(catalogue, catalogue, { rules, from: 'some day', maxRehearsals: 1, rehearsalTimeoutMs: 1, moveOwnership: async () => {} })).toThrow("there is no step 'some day'");
});

test('whoever decides may leave while products change hands', async () => {
  const { move, ask, handing, clock } = shop();
  while (move.step.name !== 'all read') {
    await ask();
    await move.decide();
  }
  await ask();
  handing.ms = 1_000;
  const leaving = new AbortController();
  const decision = move.decide(leaving.signal).catch((error: unknown) => error);
  leaving.abort(new Error('shutting down'));
  expect(await decision).toMatchObject({ message: 'shutting down' });
  expect([move.step.name, clock.pending]).toEqual(['all read', 0]);
});
