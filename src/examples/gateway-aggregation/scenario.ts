import { count, defineScenario, duration, plain, poissonArrivals, ServiceDownError, WorkerPool, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Aggregator, Slots } from './gateway-aggregation.ts';
import type { Ask, Part } from './gateway-aggregation.ts';

const faultStartMs = 5_000;
const faultEndMs = 15_000;
const patienceMs = 1_000;
const places = 40;

/** The home screen of the app: one part that it cannot do without, and widgets that it can. */
export const scenario = defineScenario({
  title: 'A screen of one order and several widgets, and one widget is slow',
  durationMs: 20_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What goes wrong', options: { slow: 'one widget takes 6 s', errors: 'one widget answers with errors', tail: 'each widget is slow once in fifty', none: 'nothing' }, default: 'slow' },
    pages: { kind: 'number', label: 'Pages', unit: 'per second', min: 1, max: 30, step: 1, default: 10 },
    widgets: { kind: 'number', label: 'Widgets of a page', unit: '', min: 1, max: 20, step: 1, default: 4 },
    orderMs: { kind: 'number', label: 'Limit of the order', unit: 'ms', min: 50, max: 1_000, step: 50, default: 700 },
    widgetMs: { kind: 'number', label: 'Limit of a widget', unit: 'ms', min: 20, max: 1_000, step: 20, default: 260 },
    slots: { kind: 'number', label: 'Calls open at a service', unit: '', min: 1, max: 60, step: 1, default: 20 },
  },
  variants: [{ id: 'without', label: 'all or nothing' }, { id: 'settled', label: 'waits for all, keeps what worked' }, { id: 'with', label: 'a limit for each part' }],
  charts: [
    { kind: 'rate', series: 'shown', title: 'Pages shown within 1 s, per second' },
    { kind: 'duration', series: 'took', title: 'Time until the page or an error, 99th percentile' },
    { kind: 'level', series: 'open', title: 'Pages that the gateway has open', unit: 'pages', most: { value: places } },
    { kind: 'rate', series: 'gaps', title: 'Pages shown with a widget missing, per second' },
  ],
  stations: [
    { id: 'app', label: 'App', shape: 'client' },
    { id: 'gateway', label: 'Gateway', shape: 'gate', fill: { series: 'open', most: { value: places } } },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'widgets', label: 'Widgets', shape: 'service', lane: 'widgets' },
  ],
  flows: [
    { from: 'app', to: 'gateway', series: 'offered', failing: 'failed' },
    { from: 'gateway', to: 'orders', series: 'orders' },
    { from: 'gateway', to: 'widgets', series: 'calls' },
  ],
  measure: { total: 'shown', label: 'pages shown within 1 s', better: 'more' },
  tries: [
    { id: 'slow', title: 'One widget is slow', settings: {}, notice: 'Whoever waits for all is as slow as the slowest, and open pages fill the gateway until even those wait that come when the widget is well again. With a limit the widget is left out after 260 ms. Its service does not hear that nobody waits, so twenty calls stay open, and then it is left out at once, also for a moment after it is well.' },
    { id: 'errors', title: 'One widget fails', settings: { fault: 'errors' }, notice: 'All or nothing loses each page for ten seconds. To keep what worked is enough here: an error comes fast. The first try shows why it is not enough in general.' },
    { id: 'tail', title: 'Twelve widgets, each slow once in fifty', settings: { fault: 'tail', widgets: 12 }, notice: 'No service is ill, and yet nearly a fifth of the pages has at least one slow widget. With limits they are on time, and have a gap.' },
    { id: 'tight', title: 'Too short for what matters', settings: { fault: 'none', orderMs: 100 }, hurts: true, notice: 'Everything is well, and the limit of the order is close to what the order usually takes. More than a third of the pages is thrown away for an answer that was on its way. Set the limit of a required part from its slow calls, and that of a widget from what the page can afford.' },
    { id: 'narrow', title: 'A bulkhead of one', settings: { fault: 'none', slots: 1 }, hurts: true, notice: 'One call at a time for each service is less than ten pages a second need. The order is refused by a service that could do far more.' },
  ],
  outcome({ totals }) {
    const { offered = 0, shown = 0, gaps = 0 } = totals;
    return `${plain(shown)} of ${count(offered, 'page')} shown within 1 s${gaps > 0 ? `, ${plain(gaps)} of them with a widget missing` : ''}; half took at most ${duration(totals['took.p50'] ?? 0)}, 99 of 100 at most ${duration(totals['took.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, widgets, orderMs, widgetMs } = settings;
  const gateway = new WorkerPool(simulation, places);
  const isFaulty = (): boolean => simulation.now() >= faultStartMs && simulation.now() < faultEndMs;
  record.expect('offered', 'shown', 'gaps', 'failed', 'orders', 'calls');
  record.level('open', () => gateway.busy);
  record.state('widgets', 'healthy');
  if (fault === 'slow' || fault === 'errors') {
    simulation.schedule(faultStartMs, () => record.state('widgets', fault === 'slow' ? 'one is slow' : 'one fails'));
    simulation.schedule(faultEndMs, () => record.state('widgets', 'healthy'));
  }

  const order = (page: number, signal?: AbortSignal): Promise<void> => {
    record.count('orders');
    return simulation.sleep(simulation.stream('order', page).lognormal(90, 0.4), signal);
  };
  const widget = async (at: number, page: number, signal?: AbortSignal): Promise<void> => {
    record.count('calls');
    const random = simulation.stream('widget', at, page);
    const usualMs = random.lognormal(60, 0.4);
    const slow = fault === 'tail' ? random.chance(0.02) : fault === 'slow' && at === 0 && isFaulty();
    const fails = fault === 'errors' && at === 0 && isFaulty();
    await simulation.sleep(fault === 'slow' && slow ? 6_000 : slow ? 1_500 : usualMs, signal);
    if (fails) throw new ServiceDownError('the widget answers with errors');
  };

  const names = Array.from({ length: widgets }, (_, at) => `widget ${at}`);
  const part = (name: string, timeoutMs: number, fetch: (page: number, ask: Ask) => Promise<void>, required: boolean): Part<number, void> => ({ fetch, timeoutMs, required, slots: new Slots(name, settings.slots) });
  const home = new Aggregator<number, Record<string, void>>({
    parts: Object.fromEntries([
      ['order', part('orders', orderMs, (page, { signal }) => order(page, signal), true)],
      // It does not hear that nobody waits any more, as many a service.
      ...names.map((name, at) => [name, part(name, widgetMs, (page) => widget(at, page), false)] as const),
    ]),
    deadlineMs: 900, clock: simulation,
  });
  /** Whether the page is complete. */
  const show: Record<string, (page: number) => Promise<boolean>> = {
    without: async (page) => { await Promise.all([order(page), ...names.map((_, at) => widget(at, page))]); return true; },
    settled: async (page) => {
      const [first, ...others] = await Promise.allSettled([order(page), ...names.map((_, at) => widget(at, page))]);
      if (first!.status === 'rejected') throw first!.reason;
      return others.every(({ status }) => status === 'fulfilled');
    },
    with: async (page) => (await home.answer(page)).complete,
  };
  poissonArrivals(simulation, settings.pages, (page) => {
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const complete = await withTimeLimit(simulation, 10_000, () => gateway.run(() => show[variant]!(page))).catch(() => undefined);
      const tookMs = simulation.now() - startMs;
      record.duration('took', tookMs);
      if (complete === undefined || tookMs > patienceMs) return record.count('failed');
      record.count('shown');
      if (!complete) record.count('gaps');
    });
  });
}
