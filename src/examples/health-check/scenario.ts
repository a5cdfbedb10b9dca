import { count, defineScenario, leastOutstanding, plain, poissonArrivals, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { Choice, World } from '../../simulator/index.ts';
import { shutDown } from './graceful-shutdown.ts';
import { HealthCheck } from './health-check.ts';
import type { Check } from './health-check.ts';
import { InstancePool } from './instance-pool.ts';

const troubleStartMs = 10_000;
const size = 6;
const probeMs = 1_000;
const warmUpMs = 4_000;
const callLimitMs = 1_000;

/** `open`: requests that have no answer yet. A restart makes a new one of them. */
interface Instance { at: number; isUp: boolean; isWarm: boolean; open: number; crash: AbortController; health: HealthCheck }

/** Orders serves two pages: one needs the database, one does not. What the checks say decides about traffic and restarts. */
export const scenario = defineScenario({
  title: 'The database of orders is slow, and its health is asked for',
  durationMs: 60_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { database: 'the database is too slow', connections: 'one instance loses its connections', rollout: 'a rollout, one after the other' }, default: 'database' },
    troubleSeconds: { kind: 'number', label: 'Database slow for', unit: 's', min: 0, max: 40, step: 1, default: 20 },
    perSecond: { kind: 'number', label: 'Requests', unit: 'per second', min: 6, max: 120, step: 6, default: 36 },
    needPercent: { kind: 'number', label: 'Of these, need the database', unit: '%', min: 0, max: 100, step: 10, default: 50 },
    restarts: { kind: 'flag', label: 'The deep check also decides restarts', default: false },
    panicPercent: { kind: 'number', label: 'Balancer uses all below', unit: '% available', min: 0, max: 100, step: 10, default: 0 },
    ejects: { kind: 'flag', label: 'Balancer ejects after 5 failures in a row', default: false },
  },
  variants: [{ id: 'deep', label: 'one deep check' }, { id: 'none', label: 'no check' }, { id: 'with', label: 'shallow check' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Requests answered well, per second' },
    { kind: 'level', series: 'routable', title: 'Instances that get traffic', unit: 'instances', most: { value: size } },
    { kind: 'rate', series: 'turnedAway', title: 'Requests turned away, per second' },
    { kind: 'sum', series: 'restarted', title: 'Restarts by liveness' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'balancer', label: 'Balancer', shape: 'gate' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'database', label: 'Database', shape: 'store', lane: 'database' },
  ],
  flows: [
    { from: 'shop', to: 'balancer', series: 'offered', failing: 'turnedAway' },
    { from: 'balancer', to: 'orders', series: 'sent', failing: 'failed' },
    { from: 'orders', to: 'database', series: 'queries' },
  ],
  measure: { total: 'answered', label: 'requests answered well', better: 'more' },
  tries: [
    { id: 'database', title: 'A shared database is slow', settings: {}, notice: 'The deep check fails on all six instances within seconds of each other, and the half of the requests that never needed the database is turned away too. With the database only reported, that half goes on; the other half fails either way.' },
    { id: 'restarts', title: 'Liveness asks the database as well', settings: { restarts: true }, notice: 'Now the deep check restarts every instance, and again as soon as it is up. When the database is well again, some instances still wait for their next start, for twenty seconds and more: here the others can carry the load, yours perhaps not.' },
    { id: 'panic', title: 'The balancer disbelieves', settings: { panicPercent: 50 }, notice: 'With fewer than half of the instances available the balancer sends to all. The deep check then does no harm: when all say no, nobody is believed.' },
    { id: 'rollout', title: 'A rollout', settings: { trouble: 'rollout' }, notice: 'Without a check instances get requests while they stop and before they are warm. With readiness and a shutdown that is unready first, no request is lost.' },
    { id: 'connections', title: 'One instance loses its connections', settings: { trouble: 'connections' }, hurts: true, notice: 'Only the deep check sees this fault. The instance that reports it and stays ready fails at once, so it looks idle to the balancer and draws more than its share of the requests that it cannot serve.' },
    { id: 'ejects', title: 'The same, and the balancer watches the answers', settings: { trouble: 'connections', ejects: true }, notice: 'Ejecting by real answers leaves only a part of the failures, without a check that knows the fault. Each time the black hole comes back it is out for longer.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, turnedAway = 0, restarted = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'request')} answered well, ${plain(turnedAway)} turned away for want of an instance${restarted > 0 ? `, ${count(restarted, 'restart')}` : ''}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const pool = new InstancePool<Instance>({ failures: settings.ejects ? 5 : Infinity, baseEjectionMs: 5_000, maxEjectionMs: 30_000, maxEjectedShare: 1 / 3, panicShare: settings.panicPercent / 100, clock: simulation });
  const choose: Choice = leastOutstanding();
  const random = simulation.stream('pauses of checks');
  let slow = false;
  let cutOff: number | undefined;
  record.expect('offered', 'answered', 'turnedAway', 'sent', 'failed', 'queries', 'restarted');
  record.level('routable', () => pool.routable().length);
  record.state('database', 'well');

  const query = async (instance: Instance, tookMs: number, signal?: AbortSignal): Promise<void> => {
    await withTimeLimit(simulation, callLimitMs, () => simulation.sleep(cutOff === instance.at ? 2 : slow ? 5_000 : tookMs, signal), signal);
    if (cutOff === instance.at) throw new ServiceDownError('the pool has no connection');
  };
  const checksOf = (instance: () => Instance): Check[] => {
    const database = { name: 'database', run: (signal: AbortSignal) => query(instance(), 20, signal), intervalMs: 2_000 };
    if (variant === 'with') return [{ ...database, of: 'dependency' }];
    // What an endpoint does that gives one answer to all three questions: the database counts as its own health.
    return variant === 'deep' ? [{ ...database, of: 'process', decides: settings.restarts ? 'liveness' : 'readiness' }] : [];
  };
  const begin = (at: number, isWarm: boolean): Instance => {
    const instance: Instance = { at, isUp: true, isWarm, open: 0, crash: new AbortController(), health: new HealthCheck({ name: `orders-${at}`, checks: checksOf(() => instance), clock: simulation, random: () => random.uniform(0, 1) }) };
    simulation.spawn(() => instance.health.watch(instance.crash.signal));
    if (isWarm) instance.health.started();
    else simulation.setTimeout(() => { instance.isWarm = true; instance.health.started(); }, warmUpMs);
    pool.add(instance);
    pool.setReady(instance, isWarm || variant === 'none');
    return instance;
  };
  const stop = (instance: Instance): void => {
    instance.isUp = false;
    instance.crash.abort(new ServiceDownError('the connection was reset'));
  };
  const replace = (instance: Instance): void => {
    pool.remove(instance);
    if (cutOff === instance.at) cutOff = undefined;
    simulation.spawn(() => platform(begin(instance.at, false), 0));
  };
  /** Asks as a kubelet does, and starts anew: at once the first time, then after 10 s, 20 s and so on. */
  const platform = async (instance: Instance, restarted: number): Promise<void> => {
    for (;;) {
      await simulation.sleep(probeMs);
      if (!instance.isUp) return;
      if (variant !== 'none') pool.setReady(instance, instance.health.answer('readiness').status === 200);
      if (instance.health.answer('liveness').status === 200) continue;
      record.count('restarted');
      stop(instance);
      pool.remove(instance);
      if (cutOff === instance.at) cutOff = undefined;
      await simulation.sleep(restarted === 0 ? 0 : 10_000 * 2 ** (restarted - 1));
      return platform(begin(instance.at, false), restarted + 1);
    }
  };
  const rollOut = async (instance: Instance): Promise<void> => {
    await simulation.sleep(troubleStartMs + instance.at * 7_000);
    const finish = async (): Promise<void> => { while (instance.open > 0) await simulation.sleep(10); };
    if (variant !== 'none') await shutDown({ health: instance.health, noticeMs: 2 * probeMs, deadlineMs: 10_000, stopIntake: () => pool.remove(instance), finish, close: () => stop(instance), clock: simulation });
    else stop(instance);
    await simulation.sleep(500);
    replace(instance);
  };

  const request = async (number: number): Promise<void> => {
    const draws = simulation.stream('requests', number);
    const needs = draws.chance(settings.needPercent / 100);
    const [ownMs, queryMs] = [draws.lognormal(30, 0.4), draws.lognormal(40, 0.4)];
    const routable = pool.routable();
    const instance = routable[routable.length === 0 ? 0 : choose(routable.map(({ open }) => open))];
    if (instance === undefined) return record.count('turnedAway');
    const end = pool.begin(instance);
    const { signal } = instance.crash;
    record.count('sent');
    instance.open += 1;
    try {
      if (!instance.isUp || !instance.isWarm) throw new ServiceDownError('nobody serves yet, or no longer');
      if (needs) {
        record.count('queries');
        await query(instance, queryMs, signal);
      }
      await simulation.sleep(ownMs, signal);
      end(true);
      record.count('answered');
    } catch {
      end(false);
      record.count('failed');
    } finally {
      instance.open -= 1;
    }
  };

  const instances = Array.from({ length: size }, (_, at) => begin(at, true));
  for (const instance of instances) simulation.spawn(() => platform(instance, 0));
  if (settings.trouble === 'rollout') for (const instance of instances) simulation.spawn(() => rollOut(instance));
  else simulation.schedule(troubleStartMs, () => {
    if (settings.trouble === 'connections') cutOff = 0;
    else if (settings.troubleSeconds > 0) {
      slow = true;
      record.state('database', 'too slow');
      simulation.schedule(settings.troubleSeconds * 1_000, () => {
        slow = false;
        record.state('database', 'well');
      });
    }
  });
  poissonArrivals(simulation, settings.perSecond, (number) => {
    record.count('offered');
    simulation.spawn(() => request(number));
  });
}
