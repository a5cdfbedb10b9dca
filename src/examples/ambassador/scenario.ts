import { count, defineScenario, plain, poissonArrivals, Service, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Ambassador } from './ambassador.ts';

const troubleStartMs = 8_000;
const patienceMs = 2_000;
const threads = 30;

/** A warehouse client that nobody can change asks one of two replicas of the supplier for a price. */
export const scenario = defineScenario({
  title: 'One of two replicas of the supplier hangs, and the client has no time limit',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What the supplier does', options: { hang: 'one replica hangs', slow: 'both get slow', none: 'nothing' }, default: 'hang' },
    troubleSeconds: { kind: 'number', label: 'How long', unit: 's', min: 1, max: 30, step: 1, default: 16 },
    perSecond: { kind: 'number', label: 'Prices asked for', unit: 'per second', min: 5, max: 60, step: 5, default: 20 },
    clientTries: { kind: 'number', label: 'Tries of the client', unit: '', min: 1, max: 4, step: 1, default: 1 },
    tries: { kind: 'number', label: 'Tries of the ambassador', unit: '', min: 1, max: 4, step: 1, default: 2 },
    tryMs: { kind: 'number', label: 'Limit of a try', unit: 'ms', min: 100, max: 2_000, step: 100, default: 500 },
    hopMs: { kind: 'number', label: 'The local hop takes', unit: 'ms', min: 0, max: 20, step: 1, default: 1 },
  },
  variants: [{ id: 'without', label: 'client alone' }, { id: 'with', label: 'ambassador' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Prices within 2 s, per second' },
    { kind: 'level', series: 'busy', title: 'Busy threads of the client', unit: 'threads', most: { value: threads } },
    { kind: 'rate', series: 'calls', title: 'Calls that reach the supplier, per second' },
  ],
  stations: [
    { id: 'client', label: 'Warehouse client', shape: 'client', fill: { series: 'busy', most: { value: threads } } },
    { id: 'ambassador', label: 'Ambassador', shape: 'gate', only: ['with'] },
    { id: 'supplier', label: 'Supplier', shape: 'service', lane: 'supplier' },
  ],
  flows: [
    { from: 'client', to: 'ambassador', series: 'offered', failing: 'failed' },
    { from: 'ambassador', to: 'supplier', series: 'calls' },
  ],
  measure: { total: 'answered', label: 'prices within 2 s', better: 'more' },
  tries: [
    { id: 'hang', title: 'One replica hangs', settings: {}, notice: 'The client alone waits for ever, so thread after thread is lost to the replica that hangs, and soon it asks nothing more. With the ambassador a try ends after half a second and the second one goes to the other replica.' },
    { id: 'once', title: 'Time limit without a second try', settings: { tries: 1 }, notice: 'Half of the prices fail while the replica hangs, but no thread is lost: the limit alone saves the client.' },
    { id: 'both', title: 'Client and ambassador repeat, and the supplier is slow', settings: { trouble: 'slow', clientTries: 3, tries: 3, tryMs: 300, perSecond: 30 }, hurts: true, notice: 'A slow supplier answers in less than a second, so the client alone gets through. The ambassador gives up after 300 ms and asks again, the client repeats that, and the supplier, with several times the calls, works on answers that nobody waits for any more.' },
    { id: 'client', title: 'Only the client repeats', settings: { trouble: 'slow', clientTries: 3, tries: 1, tryMs: 1_500, perSecond: 30 }, notice: 'The same trouble, one place that repeats, and a limit that the slow supplier can keep: the ambassador costs nothing.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, calls = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'price')} within 2 s, ${count(calls, 'call')} to the supplier.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, clientTries } = settings;
  const replicas = { a: new Service(simulation, { workers: 10, queue: 40 }), b: new Service(simulation, { workers: 10, queue: 40 }) };
  type Replica = keyof typeof replicas;
  const pool = new WorkerPool(simulation, threads);
  record.expect('offered', 'answered', 'failed', 'calls');
  record.level('busy', () => pool.busy);
  record.state('supplier', 'well');
  simulation.schedule(troubleStartMs, () => {
    if (trouble === 'none') return;
    record.state('supplier', trouble === 'hang' ? 'one hangs' : 'slow');
    if (trouble === 'hang') replicas.a.stall();
    else for (const each of Object.values(replicas)) each.slowDown(5);
    simulation.schedule(settings.troubleSeconds * 1000, () => {
      record.state('supplier', 'well');
      for (const each of Object.values(replicas)) each.resume();
    });
  });

  interface Question { workMs: number; first: Replica }
  const ask = (replica: string, { workMs }: Question): Promise<void> => {
    record.count('calls');
    return replicas[replica as Replica].serve(workMs);
  };
  const ambassador = new Ambassador<Question, void>({
    name: 'supplier', mostOpen: 100, limitMs: 1_900, tryMs: settings.tryMs, clock: simulation,
    route: ({ first }) => (first === 'a' ? ['a', 'b', 'a', 'b'] : ['b', 'a', 'b', 'a']),
    send: ask, identity: { current: async () => '' }, repeats: { tries: settings.tries, isSafe: () => true },
  });
  simulation.spawn(() => ambassador.start());

  const once = async (question: Question): Promise<void> => {
    if (variant === 'without') return ask(question.first, question);
    await simulation.sleep(settings.hopMs);
    await ambassador.call(question);
  };
  poissonArrivals(simulation, settings.perSecond, (number) => {
    const draws = simulation.stream('questions', number);
    const question: Question = { workMs: draws.lognormal(100, 0.3), first: draws.chance(0.5) ? 'a' : 'b' };
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      let failed = true;
      for (let attempt = 1; failed && attempt <= clientTries; attempt += 1) failed = await pool.run(() => once(question)).then(() => false, () => true);
      record.count(failed || simulation.now() - startMs > patienceMs ? 'failed' : 'answered');
    });
  });
}
