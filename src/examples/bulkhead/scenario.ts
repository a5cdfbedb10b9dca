import { burst, count, defineScenario, duration, plain, poissonArrivals, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Bulkhead } from './bulkhead.ts';
import { averageRunning } from './sizing.ts';

const troubleStartMs = 8_000;
const troubleEndMs = 24_000;
/** What a call takes on a good day: a median with a tail whose mean is 200 ms. */
const holdMs = { median: 185, sigma: 0.4, mean: 200 };
const usefulMs = 1_000;
const dependencies = ['payments', 'inventory', 'catalogue'] as const;
type Dependency = (typeof dependencies)[number];

/** Orders makes three kinds of calls: all of them from one pool of slots, or each kind from a third of its own. */
export const scenario = defineScenario({
  title: 'Catalogue turns slow, and orders calls two others as well',
  durationMs: 32_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { slow: 'catalogue turns slow', burst: 'a burst of checkouts', none: 'nothing' }, default: 'slow' },
    slowMs: { kind: 'number', label: 'Catalogue then takes', unit: 'ms', min: 200, max: 10_000, step: 100, default: 3_000 },
    burstFactor: { kind: 'number', label: 'Checkouts in the burst', unit: 'times', min: 1, max: 8, step: 1, default: 4 },
    timeoutMs: { kind: 'number', label: 'Timeout of a call', unit: 'ms', min: 300, max: 10_000, step: 100, default: 4_000 },
    perSecond: { kind: 'number', label: 'Calls to each of the three', unit: 'per second', min: 1, max: 40, step: 1, default: 20 },
    slots: { kind: 'number', label: 'Slots in all', unit: '', min: 3, max: 90, step: 3, default: 30 },
    queue: { kind: 'number', label: 'Places to wait in all', unit: '', min: 0, max: 90, step: 3, default: 0 },
    waitMs: { kind: 'number', label: 'Longest wait', unit: 'ms', min: 50, max: 2_000, step: 50, default: 500 },
  },
  variants: [{ id: 'without', label: 'one shared pool' }, { id: 'with', label: 'three compartments' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Pages answered within 1 s, per second' },
    { kind: 'rate', series: 'bystanders', title: 'Of these, pages that do not need catalogue' },
    { kind: 'level', series: 'held', title: 'Slots held by calls to catalogue', unit: 'slots', most: { parameter: 'slots' } },
    { kind: 'rate', series: 'refused', title: 'Calls refused, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service', fill: { series: 'running', most: { parameter: 'slots' } } },
    { id: 'pool', label: 'Slots', shape: 'gate' },
    { id: 'services', label: 'Three services', shape: 'service', lane: 'catalogue' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'pool', series: 'offered', failing: 'refused' },
    { from: 'pool', to: 'services', series: 'calls' },
  ],
  measure: { total: 'answered', label: 'pages answered within 1 s', better: 'more' },
  tries: [
    { id: 'slow', title: 'One of three turns slow', settings: {}, notice: 'In the shared pool the calls to catalogue take one slot after the other, until checkouts and stock checks are refused although their services are well. With compartments catalogue fills its own ten and no more.' },
    { id: 'timeout', title: 'A short timeout first', settings: { timeoutMs: 500 }, notice: 'Now a slow call holds its slot for half a second at most, and the shared pool hardly fills. Set the timeout first: it may leave little for the bulkhead to do.' },
    { id: 'average', title: 'As many slots as are in use on average', settings: { trouble: 'none', slots: 12 }, hurts: true, notice: 'Little’s law says 4 slots in use for each service, 12 in all. That is a mean: calls come unevenly, so both variants refuse on a good day, and the compartments more, because none may use what another leaves free.' },
    { id: 'burst', title: 'A burst to one, while the others idle', settings: { trouble: 'burst' }, hurts: true, notice: 'Four times the checkouts would fit into the shared pool. Their own compartment has ten slots, so many are refused while more than half of the other twenty stand empty.' },
  ],
  outcome({ totals }, { perSecond }) {
    const { offered = 0, answered = 0, refused = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'page')} answered within 1 s, ${plain(refused)} refused for want of a slot, p99 ${duration(totals['latency.p99'] ?? 0)}; a service needs ${plain(averageRunning(perSecond, holdMs.mean), 1)} slots on average on a good day.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const pools = variant === 'without' ? 1 : dependencies.length;
  const open = (name: string): Bulkhead => new Bulkhead({ name, slots: settings.slots / pools, queue: settings.queue / pools, waitMs: settings.waitMs, clock: simulation });
  const shared = open('all calls');
  const compartments: Record<Dependency, Bulkhead> = variant === 'without' ? { payments: shared, inventory: shared, catalogue: shared } : { payments: open('payments'), inventory: open('inventory'), catalogue: open('catalogue') };
  const isTroubled = (): boolean => simulation.now() >= troubleStartMs && simulation.now() < troubleEndMs;
  let running = 0;
  let held = 0;
  record.expect('offered', 'answered', 'bystanders', 'failed', 'refused', 'calls');
  record.level('running', () => running);
  record.level('held', () => held);
  record.state('catalogue', 'all healthy');
  if (settings.trouble === 'slow') {
    simulation.schedule(troubleStartMs, () => record.state('catalogue', 'catalogue slow'));
    simulation.schedule(troubleEndMs, () => record.state('catalogue', 'all healthy'));
  }

  const call = async (dependency: Dependency, number: number): Promise<void> => {
    record.count('calls');
    running += 1;
    if (dependency === 'catalogue') held += 1;
    const goodMs = simulation.stream(dependency, number).lognormal(holdMs.median, holdMs.sigma);
    const isSlow = dependency === 'catalogue' && settings.trouble === 'slow' && isTroubled();
    try {
      await withTimeLimit(simulation, settings.timeoutMs, () => simulation.sleep(isSlow ? settings.slowMs + goodMs : goodMs));
    } finally {
      running -= 1;
      if (dependency === 'catalogue') held -= 1;
    }
  };
  const page = (dependency: Dependency, number: number): void => {
    const startMs = simulation.now();
    let called = false;
    record.count('offered');
    simulation.spawn(async () => {
      try {
        await compartments[dependency].run(() => {
          called = true;
          return call(dependency, number);
        });
        const tookMs = simulation.now() - startMs;
        record.duration('latency', tookMs);
        record.count(tookMs <= usefulMs ? 'answered' : 'failed');
        if (tookMs <= usefulMs && dependency !== 'catalogue') record.count('bystanders');
      } catch {
        record.count('failed');
        if (!called) record.count('refused');
      }
    });
  };
  for (const dependency of dependencies) {
    const bursts = dependency === 'payments' && settings.trouble === 'burst';
    const rate = bursts ? burst(settings.perSecond, settings.perSecond * settings.burstFactor, troubleStartMs, troubleEndMs) : settings.perSecond;
    poissonArrivals(simulation, rate, (number) => page(dependency, number), { stream: `arrivals of ${dependency}` });
  }
}
