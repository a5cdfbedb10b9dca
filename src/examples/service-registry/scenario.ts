import { count, defineScenario, plain, poissonArrivals, Service, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Directory } from './directory.ts';
import { keepRegistered } from './registration.ts';
import { ServiceRegistry } from './service-registry.ts';
import type { Instance, RegistryPort } from './contract.ts';

const troubleStartMs = 15_000;
const size = 8;
const callers = 40;
const connectLimitMs = 500;
const callLimitMs = 1_500;
const bootMs = 2_000;
const noticeMs = 3_000;
/** What one question costs the registry. */
const turnMs = 40;
/** What a careless cache does: its list is thrown away when nobody has confirmed it for this long. */
const carelessAgeMs = 12_000;

/** One machine of inventory. It serves whatever the registry thinks of it. */
interface Machine { at: number; isUp: boolean; work: Service; leave: AbortController }

/** Forty callers find eight instances that come and go, by a list that is sometimes wrong and sometimes not to be had. */
export const scenario = defineScenario({
  title: 'Forty callers look for eight instances',
  durationMs: 60_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { cut: 'no instance reaches the registry', restart: 'the registry is down and comes back empty', half: 'half of the instances die', rack: 'two instances lose the registry now and then', none: 'nothing else' }, default: 'cut' },
    troubleSeconds: { kind: 'number', label: 'How long', unit: 's', min: 1, max: 30, step: 1, default: 20 },
    perSecond: { kind: 'number', label: 'Requests', unit: 'per second', min: 4, max: 80, step: 4, default: 40 },
    replacedSeconds: { kind: 'number', label: 'An instance is replaced every', unit: 's', min: 5, max: 60, step: 1, default: 12 },
    goodbye: { kind: 'flag', label: 'It leaves the list before it stops', default: false },
    leaseSeconds: { kind: 'number', label: 'Lease', unit: 's', min: 1, max: 30, step: 1, default: 6 },
    doubtSeconds: { kind: 'number', label: 'The registry doubts for at most', unit: 's', min: 5, max: 60, step: 5, default: 60 },
    retry: { kind: 'flag', label: 'A failed call is tried on another instance', default: false },
  },
  variants: [{ id: 'naive', label: 'trusting' }, { id: 'fixed', label: 'fixed file' }, { id: 'with', label: 'doubting' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Requests answered, per second' },
    { kind: 'level', series: 'living', title: 'Living instances on the list of a caller', unit: 'instances', most: { value: size } },
    { kind: 'level', series: 'dead', title: 'Dead ones on it', unit: 'instances' },
    { kind: 'rate', series: 'lookups', title: 'Questions and renewals to the registry, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'callers', label: 'Orders', shape: 'service' },
    { id: 'registry', label: 'Registry', shape: 'store', lane: 'registry', only: ['naive', 'with'] },
    { id: 'inventory', label: 'Inventory', shape: 'service', fill: { series: 'busy', most: { value: 2 * size } } },
  ],
  flows: [
    { from: 'shop', to: 'callers', series: 'offered', failing: 'failed' },
    { from: 'callers', to: 'registry', series: 'lookups' },
    { from: 'callers', to: 'inventory', series: 'calls', failing: 'missed' },
  ],
  measure: { total: 'answered', label: 'requests answered', better: 'more' },
  tries: [
    { id: 'cut', title: 'The instances cannot reach the registry', settings: {}, notice: 'Every lease lapses although all eight serve. The trusting registry empties its list, and nothing can be called until the instances have registered again. The doubting one keeps its list, and with it those that were replaced meanwhile.' },
    { id: 'stale', title: 'Only replacements', settings: { trouble: 'none' }, notice: 'Each instance that was replaced stays listed until its lease ends, and one call in twenty or so goes there; the fixed file is never corrected. Let the instances leave the list first, and hardly any call goes astray. A second try hides nearly all of them as well.' },
    { id: 'restart', title: 'The registry comes back', settings: { trouble: 'restart' }, notice: 'Callers who throw the old list away have nothing to call, ask in step and are told a part for the whole. An old list goes on working, less those who died since; questions come spread out, and the registry tells nothing until everybody has registered again.' },
    { id: 'half', title: 'Half of them really die', settings: { trouble: 'half' }, hurts: true, notice: 'Four instances really die in the same moment, and doubt takes it for a fault of the network. The dead stay listed, and about a third of the calls goes to them until the end. Here trust was right. Let it doubt for ten seconds only, and most of the harm is gone.' },
    { id: 'rack', title: 'A lease that is too short', settings: { trouble: 'rack', leaseSeconds: 2, perSecond: 52, replacedSeconds: 60 }, notice: 'For four seconds now and then two instances cannot renew, and go on serving. A lease of two seconds throws them out, six do the work of eight, and answers come too late; the renewals keep the registry busy besides. The fixed file does best here; with a lease of ten seconds a registry does as well.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, missed = 0, lookups = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'request')} answered, ${count(missed, 'call')} failed; ${count(lookups, 'question and renewal', 'questions and renewals')} to the registry.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const doubts = variant === 'with';
  const leaseMs = settings.leaseSeconds * 1_000;
  const endMs = troubleStartMs + settings.troubleSeconds * 1_000;
  // Without a draw everybody pauses for the same time, and stays in step.
  const random = doubts ? simulation.stream('pauses').next : (): number => 1;
  const machines: Machine[] = [];
  const byAddress = new Map<string, Machine>();
  record.expect('offered', 'answered', 'failed', 'calls', 'missed', 'lookups');
  record.level('busy', () => machines.reduce((sum, { work }) => sum + work.busy, 0));

  const server = new Service(simulation, { workers: 1 });
  const connections = new Set<AbortController>();
  const lives = simulation.stream('lives').next;
  const open = (warmUpMs: number): ServiceRegistry => new ServiceRegistry({ leaseMs, sweepMs: 500, maxWaitMs: 6_000, maxLapsedShare: doubts ? 0.15 : 1, maxOverdueMs: settings.doubtSeconds * 1_000, warmUpMs, clock: simulation, random: lives });
  let registry = open(0);
  const isOutOfReach = ({ at, isUp }: Machine): boolean => {
    const nowMs = simulation.now();
    if (!isUp) return true;
    if (settings.trouble === 'rack') return at < 2 && nowMs >= troubleStartMs && nowMs % 8_000 < 4_000;
    return settings.trouble === 'cut' && nowMs >= troubleStartMs && nowMs < endMs;
  };
  /** A call to the registry: it waits for its turn there, and breaks off when the registry goes down. */
  const ask = async <Answer>(machine: Machine | undefined, signal: AbortSignal | undefined, work: (connection: AbortSignal) => Promise<Answer>): Promise<Answer> => {
    record.count('lookups');
    if (machine !== undefined && isOutOfReach(machine)) await simulation.sleep(1e9, signal);
    const connection = new AbortController();
    connections.add(connection);
    signal?.addEventListener('abort', () => connection.abort(signal.reason), { once: true });
    try {
      await server.serve(turnMs);
      return await work(connection.signal);
    } finally {
      connections.delete(connection);
    }
  };
  const port = (machine?: Machine): RegistryPort => ({
    register: (instance, signal) => ask(machine, signal, () => registry.register(instance)),
    renew: (lease, signal) => ask(machine, signal, () => registry.renew(lease)),
    deregister: (lease, signal) => ask(machine, signal, () => registry.deregister(lease)),
    watch: (service, since, signal) => ask(undefined, signal, (connection) => registry.watch(service, since, connection)),
  });

  const start = (at: number): Instance => {
    const address = `10.0.0.${byAddress.size + 1}`;
    const machine: Machine = { at, isUp: true, work: new Service(simulation, { workers: 2, queue: 20 }), leave: new AbortController() };
    const instance = { service: 'inventory', id: address, address };
    machines[at] = machine;
    byAddress.set(address, machine);
    if (variant !== 'fixed') simulation.spawn(() => keepRegistered({ registry: port(machine), instance, timeoutMs: 1_000, clock: simulation, random }, machine.leave.signal));
    return instance;
  };
  const leave = (machine: Machine): void => {
    machine.leave.abort();
    simulation.settles();
  };
  /** Stops one machine and starts another in its place, with another address. */
  const replace = async (at: number, says: boolean): Promise<void> => {
    const machine = machines[at];
    if (machine === undefined) return;
    if (says) {
      leave(machine);
      await simulation.sleep(noticeMs);
    }
    machine.isUp = false;
    machine.work.crash();
    leave(machine);
    await simulation.sleep(bootMs);
    start(at);
  };

  const initial = Array.from({ length: size }, (_, at) => start(at));
  const directories = Array.from({ length: callers }, () => new Directory({ registry: port(), service: 'inventory', initial, timeoutMs: 8_000, maxRetryMs: 8_000, believeEmpty: !doubts, clock: simulation, random }));
  const never = new AbortController().signal;
  if (variant !== 'fixed') for (const directory of directories) simulation.spawn(() => directory.follow(never));
  const known = (caller: number): readonly Instance[] => {
    const { instances = [], ageMs = 0 } = directories[caller]?.get() ?? {};
    return variant === 'naive' && ageMs > carelessAgeMs && simulation.now() > carelessAgeMs ? [] : instances;
  };
  const average = (isUp: boolean): number => directories.reduce((sum, _, caller) => sum + known(caller).filter(({ address }) => byAddress.get(address)?.isUp === isUp).length, 0) / callers;
  record.level('living', () => average(true));
  record.level('dead', () => average(false));

  const request = async (number: number): Promise<void> => {
    const draws = simulation.stream('requests', number);
    const [caller, first, step, workMs] = [draws.below(callers), draws.next(), draws.next(), draws.lognormal(230, 0.4)];
    const list = [...known(caller)];
    for (let attempt = 0; attempt <= Number(settings.retry); attempt += 1) {
      const [instance] = list.splice(Math.floor((attempt === 0 ? first : step) * list.length), 1);
      if (instance === undefined) break;
      const machine = byAddress.get(instance.address);
      record.count('calls');
      try {
        if (machine?.isUp !== true) await simulation.sleep(connectLimitMs);
        if (machine?.isUp !== true) throw new ServiceDownError('nobody is there');
        await withTimeLimit(simulation, callLimitMs, () => machine.work.serve(workMs));
        return record.count('answered');
      } catch {
        record.count('missed');
      }
    }
    record.count('failed');
  };

  record.state('registry', 'well');
  simulation.spawn(async () => {
    for (;;) {
      await simulation.sleep(500);
      if (!server.isDown) registry.sweep();
    }
  });
  simulation.schedule(troubleStartMs, () => {
    if (settings.trouble === 'half') for (let at = 0; at < size / 2; at += 1) simulation.spawn(() => replace(at, false));
    if (settings.trouble !== 'restart') return;
    record.state('registry', 'down');
    server.crash();
    for (const connection of connections) connection.abort(new ServiceDownError('the connection was reset'));
    simulation.settles();
    simulation.schedule(endMs - troubleStartMs, () => {
      record.state('registry', 'well');
      registry = open(doubts ? leaseMs : 0);
      server.restart();
    });
  });
  simulation.spawn(async () => {
    for (let number = 0; ; number += 1) {
      await simulation.sleep(settings.replacedSeconds * 1_000);
      await replace(number % size, settings.goodbye);
    }
  });
  poissonArrivals(simulation, settings.perSecond, (number) => {
    record.count('offered');
    simulation.spawn(() => request(number));
  });
}
