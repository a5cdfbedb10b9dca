import { count, defineScenario, plain, poissonArrivals } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { LocalHop, NotListeningError } from './local-hop.ts';
import { Unit } from './sidecar.ts';

const lifeMs = 12_000;
const againMs = 2_000;

/** Two pods of payments are replaced again and again. Each order is paid through the helper in its pod, or the helper only ships lines. */
export const scenario = defineScenario({
  title: 'Two pods that are replaced in turn, and their helpers',
  durationMs: 60_000,
  frameMs: 500,
  parameters: {
    use: { kind: 'choice', label: 'The helper is used', options: { each: 'by each payment', never: 'for log lines only' }, default: 'each' },
    helperSeconds: { kind: 'number', label: 'The helper comes up in', unit: 's', min: 0.1, max: 30, step: 0.1, default: 2 },
    serviceSeconds: { kind: 'number', label: 'The service comes up in', unit: 's', min: 0.1, max: 10, step: 0.1, default: 0.5 },
    startSeconds: { kind: 'number', label: 'The helper has to be up after', unit: 's', min: 1, max: 30, step: 1, default: 5 },
    graceSeconds: { kind: 'number', label: 'Time to stop', unit: 's', min: 1, max: 30, step: 1, default: 8 },
    perSecond: { kind: 'number', label: 'Payments', unit: 'per second', min: 1, max: 60, step: 1, default: 20 },
    workMs: { kind: 'number', label: 'A payment takes', unit: 'ms', min: 50, max: 3_000, step: 50, default: 800 },
  },
  variants: [{ id: 'without', label: 'both at once' }, { id: 'with', label: 'in order' }],
  charts: [
    { kind: 'rate', series: 'failed', title: 'Payments that failed, per second' },
    { kind: 'level', series: 'ready', title: 'Pods that take payments', unit: 'pods', most: { value: 2 } },
    { kind: 'lane', lane: 'service', title: 'Service in the first pod', tones: { down: 'bad', starting: 'between', up: 'good', draining: 'between' } },
    { kind: 'lane', lane: 'helper', title: 'Helper in the first pod', tones: { down: 'bad', starting: 'between', up: 'good' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'service', label: 'Payments', shape: 'service', lane: 'service' },
    { id: 'helper', label: 'Helper', shape: 'service', lane: 'helper' },
  ],
  flows: [
    { from: 'shop', to: 'service', series: 'offered', failing: 'failed' },
    { from: 'service', to: 'helper', series: 'hops', failing: 'refused' },
  ],
  measure: { total: 'paid', label: 'payments made', better: 'more' },
  tries: [
    { id: 'replaced', title: 'Pods are replaced', settings: {}, notice: 'Started at once, the service is up before its helper and takes payments that it cannot make; told to stop at once, the helper goes while payments are open. In order, a pod takes payments once both are up, and the helper stays until the last is made.' },
    { id: 'fast', title: 'A helper that is up at once', settings: { helperSeconds: 0.1 }, notice: 'Starting is no trouble any more, and each end of a pod still costs payments: more than half of those that were lost before.' },
    { id: 'grace', title: 'Less time to stop than a payment takes', settings: { graceSeconds: 1, workMs: 2_000 }, notice: 'The time for stopping is shared. Payments that are open when it is over are lost in any order.' },
    { id: 'broken', title: 'A helper for log lines that never comes up', settings: { use: 'never', helperSeconds: 30 }, hurts: true, notice: 'Nobody needs the helper to pay. Started at once, payments goes on without lines; in order, no pod starts that is made after the new helper came, and soon nothing is paid. What is not needed must not be waited for.' },
  ],
  outcome({ totals }) {
    const { offered = 0, paid = 0, refused = 0 } = totals;
    return `${plain(paid)} of ${count(offered, 'payment')} made; ${count(refused, 'call')} found no helper.`;
  },
});

type State = 'down' | 'starting' | 'up' | 'draining';

/** What a pod is from its start to its end; the next one in its place is another. */
class Pod {
  service: State = 'down';
  helper: State = 'down';
  open = 0;
  whenIdle = (): void => {};
  isReady = (): boolean => this.service === 'up';
}

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { use, helperSeconds, serviceSeconds, startSeconds, graceSeconds, perSecond, workMs } = settings;
  const places = [new Pod(), new Pod()];
  const graceMs = graceSeconds * 1_000;
  record.expect('offered', 'paid', 'failed', 'hops', 'refused');
  record.level('ready', () => places.filter((pod) => pod.isReady()).length);
  record.state('service', 'down');
  record.state('helper', 'down');
  const become = (pod: Pod, part: 'service' | 'helper', state: State): void => {
    pod[part] = state;
    if (pod === places[0]) record.state(part, state);
  };
  const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

  const comeUp = async (pod: Pod, part: 'service' | 'helper', stop: AbortSignal, ms: number): Promise<void> => {
    if (ms > 0) {
      become(pod, part, 'starting');
      await simulation.sleep(ms, stop).catch(() => {});
    }
    if (!stop.aborted) become(pod, part, 'up');
    await aborted(stop);
  };
  const runHelper = async (pod: Pod, stop: AbortSignal, ms: number): Promise<void> => {
    await comeUp(pod, 'helper', stop, ms);
    become(pod, 'helper', 'down');
  };
  const runService = async (pod: Pod, stop: AbortSignal, ms: number): Promise<void> => {
    await comeUp(pod, 'service', stop, ms);
    become(pod, 'service', 'draining');
    if (pod.open > 0) await new Promise<void>((resolve) => { pod.whenIdle = resolve; });
  };
  const runPod = async (pod: Pod, stop: AbortSignal, helperMs: number, serviceMs: number): Promise<void> => {
    if (variant === 'without') {
      const killed = aborted(stop).then(() => simulation.sleep(graceMs));
      await Promise.race([Promise.all([runHelper(pod, stop, helperMs), runService(pod, stop, serviceMs)]), killed]);
      return;
    }
    const unit = new Unit({
      main: { name: 'payments', run: (order) => runService(pod, order, serviceMs) },
      helpers: [{ name: 'helper', run: (order) => runHelper(pod, order, helperMs), isUp: () => pod.helper === 'up' }],
      startMs: startSeconds * 1_000, askEveryMs: 100, graceMs, restartMs: [1_000, 10_000], clock: simulation,
    });
    pod.isReady = () => pod.service === 'up' && unit.isReady;
    await unit.run(stop);
  };
  /** The first pods are up from the beginning, whatever the next ones do. */
  const keepPlace = async (place: number): Promise<void> => {
    for (let life = 0; ; life += 1) {
      const pod = new Pod();
      places[place] = pod;
      if (life === 0) become(pod, 'helper', 'up');
      const stop = new AbortController();
      const timer = simulation.setTimeout(() => stop.abort(), life === 0 ? (lifeMs * (place + 1)) / 2 : lifeMs);
      await runPod(pod, stop.signal, life === 0 ? 0 : helperSeconds * 1_000, life === 0 ? 0 : serviceSeconds * 1_000);
      simulation.clearTimeout(timer);
      become(pod, 'service', 'down');
      become(pod, 'helper', 'down');
      if (!stop.signal.aborted) await simulation.sleep(againMs);
    }
  };
  for (const place of places.keys()) simulation.spawn(() => keepPlace(place));

  const pay = async (payment: number): Promise<void> => {
    const ready = places.filter((pod) => pod.isReady());
    const pod = ready[payment % Math.max(1, ready.length)];
    if (pod === undefined) throw new Error('no pod is ready');
    const hop = new LocalHop<number, void>({
      helper: 'helper', limitMs: 250, pauseMs: 50, clock: simulation,
      send: () => {
        record.count('hops');
        if (pod.helper === 'up') return simulation.sleep(5);
        record.count('refused');
        return Promise.reject(new NotListeningError('connection refused'));
      },
    });
    pod.open += 1;
    try {
      await simulation.sleep(simulation.stream('work', payment).exponential(workMs));
      if (pod.service === 'down') throw new Error('killed');
      if (use === 'each') await hop.call(payment);
    } finally {
      pod.open -= 1;
      if (pod.open === 0) pod.whenIdle();
    }
  };
  poissonArrivals(simulation, perSecond, (payment) => {
    record.count('offered');
    simulation.spawn(() => pay(payment).then(() => record.count('paid'), () => record.count('failed')));
  });
}
