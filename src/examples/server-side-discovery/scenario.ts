import { count, defineScenario, plain, poissonArrivals, Service, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { keepChecking } from './health-checks.ts';
import { Router } from './server-side-discovery.ts';
import type { Connection, Endpoint } from './contract.ts';

const size = 6;
const callers = 12;
const workers = 2;
const queue = 30;
const workMs = 120;
const connectLimitMs = 300;
const callLimitMs = 1_000;
const troubleStartMs = 6_000;
const troubleEndMs = 21_000;
const replaceEveryMs = 3_000;

interface Machine { endpoint: Endpoint; work: Service; isUp: boolean }

/** Twelve callers of inventory know one name, or a file of addresses. Who is called is decided once, for each connection, or for each call. */
export const scenario = defineScenario({
  title: 'One name, six instances that come and go',
  durationMs: 30_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { replace: 'instances are replaced, one after the other', scale: 'six more are started under load', router: 'the router is down', checks: 'all checks fail although all is well', empty: 'the platform lists nobody', none: 'nothing' }, default: 'replace' },
    perSecond: { kind: 'number', label: 'Calls', unit: 'per second', min: 10, max: 150, step: 10, default: 40 },
    lagSeconds: { kind: 'number', label: 'The list lags by', unit: 's', min: 0, max: 20, step: 1, default: 8 },
    checkSeconds: { kind: 'number', label: 'A check every', unit: 's, 0 for none', min: 0, max: 10, step: 1, default: 1 },
    failures: { kind: 'number', label: 'Ill after failed checks in a row', unit: 'checks', min: 1, max: 5, step: 1, default: 2 },
    panicPercent: { kind: 'number', label: 'Health is ignored below', unit: '% well', min: 0, max: 100, step: 10, default: 50 },
    ageSeconds: { kind: 'number', label: 'A connection lives for', unit: 's, 0 for ever', min: 0, max: 30, step: 1, default: 0 },
    hopMs: { kind: 'number', label: 'The hop through the router takes', unit: 'ms', min: 0, max: 50, step: 1, default: 2 },
  },
  variants: [{ id: 'file', label: 'file of addresses' }, { id: 'connections', label: 'balanced once a connection' }, { id: 'with', label: 'balanced each call' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Calls answered within 1 s, per second' },
    { kind: 'level', series: 'busiest', title: 'Calls in the busiest instance', unit: 'calls', most: { value: workers + queue } },
    { kind: 'level', series: 'used', title: 'Instances that do something', unit: 'instances', most: { value: 2 * size } },
    { kind: 'duration', series: 'took', title: 'Time of answered calls, 99th percentile' },
  ],
  stations: [
    { id: 'callers', label: 'Orders', shape: 'client' },
    { id: 'router', label: 'Router', shape: 'gate', lane: 'router', only: ['connections', 'with'] },
    { id: 'inventory', label: 'Inventory', shape: 'service', fill: { series: 'busy', most: { value: workers * size } } },
  ],
  flows: [
    { from: 'callers', to: 'router', series: 'offered', failing: 'failed' },
    { from: 'router', to: 'inventory', series: 'calls', failing: 'missed' },
  ],
  measure: { total: 'answered', label: 'calls answered within 1 s', better: 'more' },
  tries: [
    { id: 'replace', title: 'Instances are replaced', settings: {}, notice: 'Every three seconds one is ended without a goodbye and another started. The file never learns of it. The router goes by a list that is eight seconds late, and its checks tell it of the dead sooner; new ones get calls when the list names them. Switch the checks off to see the lag alone.' },
    { id: 'scale', title: 'Six more under load', settings: { trouble: 'scale', perSecond: 100 }, notice: 'Six instances are too few for this. Where each call is balanced, the new ones take their part as soon as the list names them. Kept connections stay where they are, and the new instances idle. Let connections live for five seconds.' },
    { id: 'checks', title: 'The checks are wrong', settings: { trouble: 'checks' }, notice: 'Every check fails for fifteen seconds although every instance serves, say because it asks for something shared. With fewer than half of them well the router believes none of it. Set the share to 0, and it turns every call away.' },
    { id: 'empty', title: 'The platform lists nobody', settings: { trouble: 'empty' }, notice: 'Whoever answers its checks goes on getting calls, listed or not. Without checks there is nothing but the list, and for fifteen seconds there is nobody to call.' },
    { id: 'router', title: 'The router is down', settings: { trouble: 'router' }, hurts: true, notice: 'All instances are well and nobody can reach them: what stands in front of everything fails for everything. The file needs no router. Run several, each of which can carry the load without one of the others.' },
    { id: 'hop', title: 'A long way to the router', settings: { trouble: 'none', hopMs: 40 }, notice: 'Nothing happens to the instances, and the file is right. The hop is on the way of every call: the middle one takes 161 ms, and 120 by the file. Hardly any is lost by that; a page that needs ten of them in a row waits ten times the difference.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, missed = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'call')} answered within 1 s, half of them within ${plain(totals['took.p50'] ?? 0)} ms; ${count(missed, 'call')} failed at an instance.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, lagSeconds, checkSeconds, failures, ageSeconds, hopMs } = settings;
  record.expect('offered', 'answered', 'failed', 'calls', 'missed');
  const machines = new Map<string, Machine>();
  const start = (): Endpoint => {
    const id = `${machines.size + 1}`;
    const endpoint = { id, address: `10.0.0.${id}` };
    machines.set(id, { endpoint, work: new Service(simulation, { workers, queue }), isUp: true });
    return endpoint;
  };
  const file = Array.from({ length: size }, start);
  const running = [...file];
  const services = (): Service[] => Array.from(machines.values(), ({ work }) => work);
  record.level('busy', () => services().reduce((sum, { busy }) => sum + busy, 0));
  record.level('used', () => services().filter(({ busy }) => busy > 0).length);
  record.level('busiest', () => Math.max(...services().map(({ busy, queued }) => busy + queued)));

  const isTrouble = (): boolean => simulation.now() >= troubleStartMs && simulation.now() < troubleEndMs;
  const random = simulation.stream('router').next;
  const checks = checkSeconds > 0;
  const router = new Router({ name: 'inventory', checks, failures, successes: 2, panicShare: settings.panicPercent / 100, maxAgeMs: ageSeconds > 0 ? ageSeconds * 1_000 : Infinity, clock: simulation, random });
  if (variant !== 'file') record.state('router', 'well');
  router.update(file);
  if (checks) {
    const probe = async ({ id }: Endpoint): Promise<void> => {
      await simulation.sleep(5);
      if (machines.get(id)?.isUp !== true || (trouble === 'checks' && isTrouble())) throw new ServiceDownError('not ready');
    };
    simulation.spawn(() => keepChecking({ router, probe, intervalMs: checkSeconds * 1_000, timeoutMs: 500, clock: simulation, random: simulation.stream('checks').next }, never));
  }
  /** What runs now is listed so much later. */
  const list = (): void => {
    const endpoints = [...running];
    simulation.schedule(lagSeconds * 1_000, () => router.update(endpoints));
  };
  simulation.schedule(troubleStartMs, () => {
    if (trouble === 'replace') {
      for (let each = 0; each < size; each += 1) {
        simulation.schedule(each * replaceEveryMs, () => {
          const machine = machines.get(running.shift()!.id)!;
          running.push(start());
          list();
          machine.isUp = false;
          machine.work.crash();
          simulation.settles();
        });
      }
    }
    if (trouble === 'scale') {
      for (let each = 0; each < size; each += 1) running.push(start());
      list();
    }
    if (trouble === 'empty') router.update([]);
    if (trouble === 'router' && variant !== 'file') record.state('router', 'down');
  });
  simulation.schedule(troubleEndMs, () => {
    if (trouble === 'empty') router.update(running);
    if (variant !== 'file') record.state('router', 'well');
  });

  const serve = async ({ id }: Endpoint, number: number): Promise<void> => {
    const { work, isUp } = machines.get(id)!;
    record.count('calls');
    try {
      if (!isUp) {
        await simulation.sleep(connectLimitMs);
        throw new ServiceDownError('connection refused');
      }
      await withTimeLimit(simulation, callLimitMs, () => work.serve(simulation.stream('work', number).lognormal(workMs, 0.4)));
    } catch (error) {
      record.count('missed');
      throw error;
    }
  };
  const through = async (): Promise<void> => {
    await simulation.sleep(hopMs);
    if (trouble === 'router' && isTrouble()) throw new ServiceDownError('the router is down');
  };
  const kept: (Connection | undefined)[] = new Array<undefined>(callers).fill(undefined);
  const ways: Record<string, (number: number, caller: number) => Promise<void>> = {
    file: (number) => serve(file[number % file.length]!, number),
    connections: async (number, caller) => {
      await through();
      if (kept[caller]?.isDue === true) drop(caller);
      const connection = kept[caller] ??= router.connect();
      try {
        await serve(connection.endpoint, number);
      } catch (error) {
        if (error instanceof ServiceDownError && kept[caller] === connection) drop(caller, true);
        throw error;
      }
    },
    with: async (number) => {
      await through();
      await router.route((endpoint) => serve(endpoint, number));
    },
  };
  const drop = (caller: number, hasFailed = false): void => {
    kept[caller]?.close(hasFailed);
    kept[caller] = undefined;
  };

  poissonArrivals(simulation, settings.perSecond, (number) => {
    record.count('offered');
    const caller = simulation.stream('who', number).below(callers);
    const startMs = simulation.now();
    simulation.spawn(async () => {
      try {
        await ways[variant]!(number, caller);
        const tookMs = simulation.now() - startMs;
        if (tookMs <= callLimitMs) {
          record.duration('took', tookMs);
          return record.count('answered');
        }
      } catch {
        // Counted below.
      }
      record.count('failed');
    });
  });
}

const never = new AbortController().signal;
