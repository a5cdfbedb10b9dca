import { count, defineScenario, plain, poissonArrivals, Service, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { RandomStream, World } from '../../simulator/index.ts';
import { leastRequests, roundRobin, twoChoices } from './choices.ts';
import { ClientBalancer } from './client-side-discovery.ts';
import { ListRefresh } from './list-refresh.ts';
import type { Instance } from './contract.ts';

const size = 8;
const connections = 40;
const workers = 2;
const queue = 30;
const workMs = 90;
const connectLimitMs = 300;
const callLimitMs = 1_000;
const failFastMs = 5;
const troubleStartMs = 10_000;
const troubleEndMs = 30_000;
const rolloutEveryMs = 3_000;

interface Machine { instance: Instance; work: Service; isUp: boolean }

/** Callers of inventory choose among eight instances, each by its own list and its own counts. */
export const scenario = defineScenario({
  title: 'One of eight instances is not what it was',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { errors: 'one instance fails at once', dead: 'one is gone and still listed', slow: 'one is five times slower', empty: 'the registry knows nobody', rollout: 'all are replaced, one after the other', shared: 'every second call fails everywhere', none: 'nothing' }, default: 'errors' },
    choice: { kind: 'choice', label: 'How a caller chooses', options: { two: 'the better of two', least: 'fewest open calls', turns: 'in turn' }, default: 'least' },
    callers: { kind: 'number', label: 'Callers', unit: 'processes', min: 1, max: 40, step: 1, default: 2 },
    perSecond: { kind: 'number', label: 'Calls', unit: 'per second', min: 10, max: 160, step: 10, default: 110 },
    refreshSeconds: { kind: 'number', label: 'The list is asked for every', unit: 's', min: 1, max: 60, step: 1, default: 10 },
    sooner: { kind: 'flag', label: 'And when a connection is refused', default: true },
    errorMs: { kind: 'number', label: 'A failed call counts as open for', unit: 'ms', min: 0, max: 10_000, step: 500, default: 2_000 },
    asidePercent: { kind: 'number', label: 'Set aside at most', unit: '% of the list', min: 0, max: 100, step: 25, default: 50 },
  },
  variants: [{ id: 'kept', label: 'connections kept' }, { id: 'naive', label: 'a list, believed' }, { id: 'with', label: 'a list, watched' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Calls answered within 1 s, per second' },
    { kind: 'rate', series: 'sick', title: 'Calls to the instance in trouble, per second' },
    { kind: 'level', series: 'busiest', title: 'Calls in the busiest of the others', unit: 'calls', most: { value: workers + queue } },
    { kind: 'rate', series: 'lookups', title: 'Questions to the registry, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'callers', label: 'Orders', shape: 'service' },
    { id: 'registry', label: 'Registry', shape: 'store' },
    { id: 'inventory', label: 'Inventory', shape: 'service', fill: { series: 'busy', most: { value: workers * size } } },
  ],
  flows: [
    { from: 'shop', to: 'callers', series: 'offered', failing: 'failed' },
    { from: 'callers', to: 'registry', series: 'lookups' },
    { from: 'callers', to: 'inventory', series: 'calls', failing: 'missed' },
  ],
  measure: { total: 'answered', label: 'calls answered within 1 s', better: 'more' },
  tries: [
    { id: 'errors', title: 'An instance that fails at once', settings: {}, notice: 'It answers every call with an error after five milliseconds, so it hardly ever has an open call, and whoever looks for the fewest sends it twice its part. Where a failed call counts as open for two seconds and three in a row set the instance aside, ten calls go astray. The kept connections lose those that end there.' },
    { id: 'dead', title: 'A stale entry', settings: { trouble: 'dead', choice: 'turns' }, notice: 'The registry goes on listing an instance that is gone. In turn every eighth call goes there until the entry ends. A caller that watches sets it aside after three failures of its own and tries it now and then.' },
    { id: 'slow', title: 'A slow instance, in turn', settings: { trouble: 'slow', choice: 'turns' }, notice: 'Round robin gives the slow one its eighth, which is more than it can do, and the believing callers wait for it. Choose the better of two: open calls say where it is slow before anything fails.' },
    { id: 'empty', title: 'The registry knows nobody', settings: { trouble: 'empty' }, notice: 'Who believes the empty list has nobody to call until another one comes. The old list is as good as before, since nothing has happened to the instances. Look at the questions: those who do not draw their pauses ask in the same moment.' },
    { id: 'rollout', title: 'A list of a minute ago', settings: { trouble: 'rollout', refreshSeconds: 60, sooner: false }, hurts: true, notice: 'Within half a minute all eight are replaced by others, and in the end nobody on the list lives. A kept connection breaks once and is opened anew. Let callers ask as soon as a connection is refused, or every five seconds, and the lists do better than the connections.' },
    { id: 'shared', title: 'A fault that all of them share', settings: { trouble: 'shared', asidePercent: 100, callers: 4, perSecond: 120 }, hurts: true, notice: 'The database behind all eight fails every second call, and each caller blames whom it asked. Nothing bounds how many are set aside, and those left over are overrun: calls that would have worked come too late. With a bound of 25 % as many are answered as where nobody is set aside.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, sick = 0, lookups = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'call')} answered within 1 s, ${plain(sick)} sent to the instance in trouble; ${count(lookups, 'question')} to the registry.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, callers, sooner } = settings;
  const watches = variant === 'with';
  record.expect('offered', 'answered', 'failed', 'calls', 'missed', 'sick', 'lookups');
  const machines = new Map<string, Machine>();
  let isTrouble = false;
  let troubled = '';
  const start = (): Instance => {
    const id = `${machines.size + 1}`;
    const instance = { id, address: `10.0.0.${id}` };
    machines.set(id, { instance, work: new Service(simulation, { workers, queue }), isUp: true });
    return instance;
  };
  let listed = Array.from({ length: size }, start);
  const first = machines.get('1')!;
  const all = (): Machine[] => [...machines.values()];
  record.level('busy', () => all().reduce((sum, { work }) => sum + work.busy, 0));
  record.level('busiest', () => Math.max(...all().map(({ instance, work }) => instance.id === troubled ? 0 : work.busy + work.queued)));

  const kill = (machine: Machine): void => {
    machine.isUp = false;
    machine.work.crash();
    simulation.settles();
  };
  simulation.schedule(troubleStartMs, () => {
    isTrouble = true;
    if (['errors', 'dead', 'slow'].includes(trouble)) troubled = '1';
    if (trouble === 'dead') kill(first);
    if (trouble === 'slow') first.work.slowDown(5);
    if (trouble === 'rollout') {
      for (let each = 0; each < size; each += 1) {
        simulation.schedule(each * rolloutEveryMs, () => {
          const [old, ...others] = listed;
          listed = [...others, start()];
          kill(machines.get(old!.id)!);
        });
      }
    }
  });
  simulation.schedule(troubleEndMs, () => {
    if (trouble === 'dead') listed = [...listed.slice(1), start()];
    first.work.resume();
    isTrouble = false;
    troubled = '';
  });
  const lookup = async (): Promise<readonly Instance[]> => {
    record.count('lookups');
    await simulation.sleep(20);
    return trouble === 'empty' && isTrouble ? [] : listed;
  };

  /** What an instance does with a call. */
  const serve = async (id: string, number: number): Promise<void> => {
    const { work, isUp } = machines.get(id)!;
    const draws = simulation.stream('work', number);
    record.count('calls');
    if (id === troubled) record.count('sick');
    if (!isUp) {
      await simulation.sleep(connectLimitMs);
      throw new ServiceDownError('connection refused');
    }
    if (trouble === 'errors' && id === troubled) {
      await simulation.sleep(failFastMs);
      throw new Error('500');
    }
    const failing = trouble === 'shared' && isTrouble && draws.chance(0.5);
    await withTimeLimit(simulation, callLimitMs, () => work.serve(draws.lognormal(workMs, 0.4)));
    if (failing) throw new Error('the database');
  };
  const choiceOf = (random: RandomStream['next']) => ({ turns: roundRobin, least: leastRequests, two: twoChoices })[settings.choice](random);

  const byList = Array.from({ length: variant === 'kept' ? 0 : callers }, (_, caller) => {
    const random = simulation.stream('caller', caller).next;
    // Who believes the list keeps no book of what it has seen.
    const balancer = new ClientBalancer({ name: 'inventory', choice: choiceOf(random), errorMs: watches ? settings.errorMs : 0, mostAside: watches ? settings.asidePercent / 100 : 0, clock: simulation, random });
    balancer.update(listed);
    let isEmpty = false;
    const refresh = new ListRefresh({
      lookup, refreshMs: settings.refreshSeconds * 1_000, clock: simulation, random: watches ? random : () => 1,
      accept: (instances) => {
        isEmpty = instances.length === 0;
        balancer.update(instances);
      },
    });
    simulation.spawn(() => refresh.run(never));
    return async (number: number): Promise<void> => {
      if (!watches && isEmpty) throw new Error('nobody');
      await balancer.run(async ({ id }) => {
        try {
          await serve(id, number);
        } catch (error) {
          if (sooner && watches && error instanceof ServiceDownError) refresh.soon();
          throw error;
        }
      });
    };
  });

  const placing = simulation.stream('placing');
  const addresses = Array.from({ length: connections }, () => listed[placing.below(size)]!.id);
  /** Each caller has its part of the connections and takes them in turn; where they end was decided when they were opened. */
  const byKept = async (number: number): Promise<void> => {
    const connection = number % connections;
    const id = addresses[connection]!;
    try {
      await serve(id, number);
    } catch (error) {
      // The connection is gone, so the next one goes to what the registry names now.
      if (error instanceof ServiceDownError && addresses[connection] === id) {
        const now = await lookup();
        addresses[connection] = now[placing.below(size)]!.id;
      }
      throw error;
    }
  };

  poissonArrivals(simulation, settings.perSecond, (number) => {
    record.count('offered');
    const caller = simulation.stream('who', number).below(callers);
    const startMs = simulation.now();
    simulation.spawn(async () => {
      try {
        await (variant === 'kept' ? byKept(number) : byList[caller]!(number));
        if (simulation.now() - startMs <= callLimitMs) return record.count('answered');
      } catch {
        record.count('missed');
      }
      record.count('failed');
    });
  });
}

const never = new AbortController().signal;
