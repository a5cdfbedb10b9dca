import { count, defineScenario, plain, poissonArrivals, Service, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { bucketOf } from '../strangler-fig/routing.ts';
import { StranglerFacade } from '../strangler-fig/strangler-fig.ts';
import { Move } from './out-of-the-monolith.ts';
import type { Catalogue, PriceChange, Question } from './out-of-the-monolith.ts';
import { NotOwnerError } from './ownership.ts';

const startMs = 10_000;
const patienceMs = 500;
const products = 300;

/** The shop asks for prices all the time; the catalogue moves out of the monolith in one of three ways. */
export const scenario = defineScenario({
  title: 'The catalogue moves out while the shop sells',
  durationMs: 100_000,
  frameMs: 1_000,
  parameters: {
    fault: { kind: 'choice', label: 'Fault of the new service', options: { rule: 'a forgotten discount', load: 'too slow for all', none: 'none' }, default: 'rule' },
    bulk: { kind: 'number', label: 'Orders of ten pieces or more', unit: '%', min: 1, max: 50, step: 1, default: 15 },
    questions: { kind: 'number', label: 'Prices asked for', unit: 'per second', min: 10, max: 60, step: 5, default: 40 },
    complaints: { kind: 'number', label: 'Noticed after', unit: 'wrong prices', min: 1, max: 500, step: 1, default: 60 },
    mendSeconds: { kind: 'number', label: 'Mending takes', unit: 's', min: 1, max: 60, step: 1, default: 15 },
    closedSeconds: { kind: 'number', label: 'Closed for moving all data', unit: 's', min: 0, max: 20, step: 1, default: 4 },
    lagSeconds: { kind: 'number', label: 'A price change reaches the copy after', unit: 's', min: 0, max: 20, step: 0.1, default: 0.2 },
    enough: { kind: 'number', label: 'Answers needed of each kind', unit: '', min: 1, max: 200, step: 1, default: 20 },
    shared: { kind: 'flag', label: 'The new service uses the database of the monolith', default: false },
  },
  variants: [{ id: 'naive', label: 'one switch' }, { id: 'shares', label: 'shares by the calendar' }, { id: 'compared', label: 'shares, compared' }],
  charts: [
    { kind: 'rate', series: 'right', title: 'Right prices within half a second, per second' },
    { kind: 'sum', series: 'wrong', title: 'Wrong prices given, in all' },
    { kind: 'level', series: 'moved', title: 'Products for which the new service is asked', unit: '%', most: { value: 100 } },
    { kind: 'lane', lane: 'move', title: 'Who gives the prices', tones: { old: 'good', rehearsing: 'good', moving: 'between', new: 'good', closed: 'bad' } },
    { kind: 'duration', series: 'answer', title: 'Time to an answer, 99th percentile' },
  ],
  stations: [
    { id: 'shop', label: 'Shop', shape: 'client' },
    { id: 'facade', label: 'Façade', shape: 'gate', lane: 'move' },
    { id: 'monolith', label: 'Monolith', shape: 'service' },
    { id: 'catalogue', label: 'Catalogue', shape: 'service' },
  ],
  flows: [
    { from: 'shop', to: 'facade', series: 'offered', failing: 'unanswered' },
    { from: 'facade', to: 'monolith', series: 'asked old' },
    { from: 'facade', to: 'catalogue', series: 'asked new' },
  ],
  measure: { total: 'right', label: 'right prices within half a second', better: 'more' },
  tries: [
    { id: 'rule', title: 'A rule that nobody wrote down', settings: {}, notice: 'From ten pieces on the monolith takes five per cent off, and the new service does not. After the switch each of these prices is wrong until somebody notices, and the way back closes the shop again. Shares spread the same wrong prices over more time. Compared, hardly any is given: the difference shows while the monolith still answers everybody.' },
    { id: 'load', title: 'It is right, and too slow for all', settings: { fault: 'load' }, notice: 'The new service bears half the questions and not all. After the one switch hardly anybody gets an answer. By the calendar reads fall back to the monolith, and each waits a quarter of a second first. Compared, it meets the full load as a rehearsal, fails there, and no customer waits.' },
    { id: 'rare', title: 'The fault is rarer', settings: { bulk: 5 }, notice: 'Only one question in twenty is about ten pieces or more. It takes longer until somebody notices, and no fewer prices are wrong by then. Compared, the move waits longer instead, until it has enough answers of that kind; it has not ended when the picture does.' },
    { id: 'lag', title: 'The copy is five seconds behind', settings: { fault: 'none', lagSeconds: 5 }, notice: 'Nothing is wrong with the code, but the copy is old, and comparisons say so: the move does not go on. By the calendar customers get old prices.' },
    { id: 'shared', title: 'No data of its own', settings: { fault: 'none', shared: true, questions: 50, closedSeconds: 0 }, hurts: true, notice: 'The new service has no fault, but it reads the database of the monolith. Rehearsing asks that database twice for each price, and customers wait. With no data to move, one switch would have cost nothing.' },
  ],
  outcome({ totals, frames }) {
    const { offered = 0, right = 0, wrong = 0, unanswered = 0 } = totals;
    const underWay = offered - right - wrong - unanswered;
    const rest = underWay > 0 ? `, ${plain(underWay)} still under way` : '';
    return `${plain(right)} of ${count(offered, 'price')} right and in time, ${plain(wrong)} wrong, ${plain(unanswered)} not in time${rest}; at the end the new service is asked for ${plain(frames['moved']?.at(-1) ?? 0)} % of the products.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const lagMs = settings.shared ? 0 : settings.lagSeconds * 1_000;
  const monolith = new Service(simulation, { workers: 3 });
  const ample = new Service(simulation, { workers: 3 });
  const weak = new Service(simulation, { workers: 1 });
  let isFaulty = settings.fault !== 'none';
  let isClosed = false;
  let moved = 0;
  record.expect('offered', 'right', 'wrong', 'unanswered', 'asked old', 'asked new');
  record.level('moved', () => 100 * moved);
  record.state('move', 'old');

  type Prices = Map<string, { version: number; priceCents: number }>;
  const sides: { old: Prices; modern: Prices } = { old: new Map(), modern: new Map() };
  const skus = Array.from({ length: products }, (_, each) => `sku-${each}`);
  for (const [each, sku] of skus.entries()) for (const side of Object.values(sides)) side.set(sku, { version: 1, priceCents: 1_000 + 7 * each });
  const ownedByModern = new Set<string>();
  const changingHands = new Set<string>();
  const ownerOfSku = (sku: string): Prices => ownedByModern.has(sku) ? sides.modern : sides.old;
  const total = ({ sku, pieces }: Question, prices: Prices, hasDiscount = true): number =>
    Math.round(prices.get(sku)!.priceCents * pieces * (hasDiscount && pieces >= 10 ? 0.95 : 1));
  const write = (prices: Prices, sku: string, priceCents: number): number => {
    const version = prices.get(sku)!.version + 1;
    prices.set(sku, { version, priceCents });
    return version;
  };
  const set = async ({ sku, priceCents }: PriceChange): Promise<number> => {
    if (changingHands.has(sku)) throw new NotOwnerError(sku);
    const other = ownerOfSku(sku) === sides.old ? sides.modern : sides.old;
    const version = write(ownerOfSku(sku), sku, priceCents);
    simulation.schedule(lagMs, () => void (other.get(sku)!.version < version && other.set(sku, { version, priceCents })));
    return version;
  };
  /** Deeds travel like changes; until they are there, nobody owns the product. */
  const moveOwnership = async (share: number): Promise<void> => {
    const moving = skus.filter((sku) => ownedByModern.has(sku) !== bucketOf('writes', sku) < share);
    for (const sku of moving) changingHands.add(sku);
    await simulation.sleep(lagMs);
    own(share);
    for (const sku of moving) changingHands.delete(sku);
  };
  const own = (share: number): void => {
    for (const sku of skus) ownedByModern[bucketOf('writes', sku) < share ? 'add' : 'delete'](sku);
  };

  let calls = 0;
  const workMs = (): number => simulation.stream('work', calls++).lognormal(35, 0.4);
  const old: Catalogue = {
    async price(question) {
      record.count('asked old');
      await monolith.serve(workMs());
      return total(question, sides.old);
    },
    setPrice: set,
  };
  const modern: Catalogue = {
    async price(question) {
      record.count('asked new');
      const service = settings.shared ? monolith : isFaulty && settings.fault === 'load' ? weak : ample;
      await withTimeLimit(simulation, 250, () => service.serve(workMs()));
      return total(question, sides.modern, !(isFaulty && settings.fault === 'rule'));
    },
    setPrice: set,
  };

  let isKnown = false;
  /** Once: the fault is known, and mended some time later. */
  const mend = (then: () => void): void => {
    if (isKnown) return;
    isKnown = true;
    simulation.schedule(settings.mendSeconds * 1_000, () => {
      isFaulty = false;
      then();
    });
  };
  const ways: Record<string, () => Way> = { naive: oneSwitch, shares: byTheCalendar, compared };
  const way = ways[variant]!();

  const seen = { wrong: 0, failed: 0 };
  const notice = (what: 'wrong' | 'failed'): void => {
    record.count(what === 'wrong' ? 'wrong' : 'unanswered');
    if (moved === 0 || isClosed || isKnown || !isFaulty) return;
    seen[what] += 1;
    if (seen.wrong >= settings.complaints || seen.failed >= 100) way.alarm();
  };
  const never = new AbortController().signal;
  poissonArrivals(simulation, settings.questions, (number) => {
    record.count('offered');
    const random = simulation.stream('question', number);
    const sku = `sku-${random.below(products)}`;
    const pieces = random.chance(settings.bulk / 100) ? 10 + random.below(20) : 1 + random.below(4);
    const question = { sku, pieces };
    const askedMs = simulation.now();
    const atFirst = total(question, ownerOfSku(sku));
    if (isClosed) return notice('failed');
    simulation.spawn(async () => {
      const answer = await way.price(question, never).catch(() => undefined);
      record.duration('answer', simulation.now() - askedMs);
      if (answer === undefined || simulation.now() - askedMs > patienceMs) return notice('failed');
      if (answer === atFirst || answer === total(question, ownerOfSku(sku))) return record.count('right');
      notice('wrong');
    });
  }, { stream: 'questions' });
  poissonArrivals(simulation, 3, (number) => {
    const random = simulation.stream('price change', number);
    const change = { sku: `sku-${random.below(products)}`, priceCents: 500 + random.below(5_000) };
    // A merchant who is refused tries again.
    const submit = (): Promise<unknown> => way.setPrice(change, never).catch(() => simulation.sleep(200).then(submit));
    if (!isClosed) simulation.spawn(submit);
  }, { stream: 'price changes' });

  interface Way { price: Catalogue['price']; setPrice: Catalogue['setPrice']; alarm: () => void }

  /** Export, import, everybody at once; back in the same manner, since nobody told the old system what has changed. */
  function oneSwitch(): Way {
    let now = old;
    const switchTo = (next: Catalogue): void => {
      isClosed = true;
      record.state('move', 'closed');
      simulation.schedule(settings.closedSeconds * 1_000, () => {
        isClosed = false;
        now = next;
        // Whatever was changed until now goes along, and nothing from now on.
        const [from, to] = next === modern ? [sides.old, sides.modern] : [sides.modern, sides.old];
        for (const [sku, known] of from) to.set(sku, known);
        own(next === modern ? 1 : 0);
        moved = next === modern ? 1 : 0;
        record.state('move', next === modern ? 'new' : 'old');
      });
    };
    simulation.schedule(startMs, () => switchTo(modern));
    return {
      price: (question, signal) => now.price(question, signal),
      setPrice: async ({ sku, priceCents }) => write(ownerOfSku(sku), sku, priceCents),
      alarm: () => (switchTo(old), mend(() => switchTo(modern))),
    };
  }

  /** A façade, and a plan with dates; what nobody compares is known when somebody complains. */
  function byTheCalendar(): Way {
    const facade = new StranglerFacade({ maxRehearsals: 0, rehearsalTimeoutMs: 250, clock: simulation });
    const price = facade.slice<Question, number | undefined>({ name: 'price', cohort: 'reads', effect: 'read', fallBack: true, keyOf: ({ sku }) => sku, legacy: old.price, modern: modern.price });
    const setShare = (share: number): void => {
      facade.setShare('reads', share);
      moved = share;
      record.state('move', share === 0 ? 'old' : share === 1 ? 'new' : 'moving');
    };
    let plan = 0;
    const begin = (): void => {
      const own = ++plan;
      [0.1, 0.5, 1].forEach((share, each) => simulation.schedule(each * 10_000, () => {
        if (own === plan) setShare(share);
      }));
    };
    simulation.schedule(startMs, begin);
    return {
      price, setPrice: set,
      alarm: () => {
        plan += 1;
        setShare(0);
        mend(begin);
      },
    };
  }

  function compared(): Way {
    const move = new Move(old, modern, {
      rules: { enough: settings.enough, mayDiffer: 0.03, mayFail: 0.05 }, moveOwnership,
      maxRehearsals: 40, rehearsalTimeoutMs: 250, clock: simulation,
    });
    let isOff = false;
    const turn = (modern: 'on' | 'off'): void => {
      isOff = modern === 'off';
      move.switchModern(modern);
    };
    const decide = async (): Promise<void> => {
      const decision = await move.decide();
      moved = isOff ? 0 : move.step.reads;
      record.state('move', isOff ? 'old' : moved === 0 ? 'rehearsing' : moved === 1 ? 'new' : 'moving');
      if (decision === 'back') mend(() => {});
      simulation.schedule(1_000, () => simulation.spawn(decide));
    };
    simulation.schedule(startMs, () => simulation.spawn(decide));
    return { price: move.price, setPrice: move.setPrice, alarm: () => (turn('off'), mend(() => turn('on'))) };
  }
}
