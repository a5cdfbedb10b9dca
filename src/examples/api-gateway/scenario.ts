import { count, defineScenario, duration, plain, poissonArrivals, Service, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { aggregate } from './aggregate.ts';
import type { Part } from './aggregate.ts';
import { Backend } from './backend.ts';

const faultStartMs = 5_000;
const patienceMs = 2_000;
/** Median time of each service, and whether there is a page without it. */
const services = { catalogue: { medianMs: 40, required: true }, prices: { medianMs: 30, required: true }, reviews: { medianMs: 60, required: false }, suggestions: { medianMs: 80, required: false } };
type Name = keyof typeof services;
const names = Object.keys(services) as Name[];

/** An app shows a page that four services have a part of, and one of them has a bad day. */
export const scenario = defineScenario({
  title: 'One page from four services, and reviews hangs',
  durationMs: 20_000,
  frameMs: 1_000,
  parameters: {
    fault: { kind: 'choice', label: 'What goes wrong', options: { hang: 'reviews hangs', required: 'prices answers with errors', gateway: 'the gateway is down', none: 'nothing' }, default: 'hang' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 15, step: 1, default: 8 },
    pages: { kind: 'number', label: 'Pages', unit: 'per second', min: 1, max: 10, step: 1, default: 5 },
    roundTripMs: { kind: 'number', label: 'Round trip of a phone', unit: 'ms', min: 20, max: 800, step: 20, default: 160 },
    lossPercent: { kind: 'number', label: 'Requests lost on the way', unit: '%', min: 0, max: 10, step: 1, default: 1 },
    timeoutMs: { kind: 'number', label: 'Gateway: time for a part', unit: 'ms', min: 100, max: 2_000, step: 100, default: 400 },
    workMs: { kind: 'number', label: 'Gateway: work on a page', unit: 'ms', min: 5, max: 400, step: 5, default: 5 },
  },
  variants: [{ id: 'serial', label: 'app asks one by one' }, { id: 'parallel', label: 'app asks all at once' }, { id: 'with', label: 'gateway' }],
  charts: [
    { kind: 'rate', series: 'shown', title: 'Pages shown within 2 s, per second' },
    { kind: 'duration', series: 'took', title: 'Time until the page or an error, 99th percentile' },
  ],
  stations: [
    { id: 'app', label: 'App', shape: 'client' },
    { id: 'gateway', label: 'Gateway', shape: 'gate', lane: 'gateway', only: ['with'] },
    { id: 'catalogue', label: 'Catalogue', shape: 'service', lane: 'catalogue' },
    { id: 'prices', label: 'Prices', shape: 'service', lane: 'prices' },
    { id: 'reviews', label: 'Reviews', shape: 'service', lane: 'reviews' },
    { id: 'suggestions', label: 'Suggestions', shape: 'service', lane: 'suggestions' },
  ],
  flows: [
    { from: 'app', to: 'gateway', series: 'offered', failing: 'failed' },
    { from: 'gateway', to: 'catalogue', series: 'catalogue' },
    { from: 'gateway', to: 'prices', series: 'prices' },
    { from: 'gateway', to: 'reviews', series: 'reviews' },
    { from: 'gateway', to: 'suggestions', series: 'suggestions' },
  ],
  measure: { total: 'shown', label: 'pages shown within 2 s', better: 'more' },
  tries: [
    { id: 'hang', title: 'Reviews hangs', settings: {}, notice: 'The app fails a page when one of its calls fails, and waits three seconds to find out. The gateway gives each part 400 ms and sends the page without reviews, with the gap named.' },
    { id: 'phone', title: 'A poor network', settings: { fault: 'none', roundTripMs: 500, lossPercent: 4 }, notice: 'One after another, four requests are four long trips; all at once, they are still four chances that one gets lost. The gateway needs a single trip through the air.' },
    { id: 'required', title: 'Prices fails', settings: { fault: 'required' }, notice: 'There is no page without prices, so nothing can be left out: while prices fails, the gateway saves hardly anybody.' },
    { id: 'door', title: 'The gateway is down', settings: { fault: 'gateway' }, hurts: true, notice: "All services are well, and nobody sees a page. Everything passes the gateway, so its outage is everybody's: run several." },
    { id: 'work', title: 'Business rules move in', settings: { fault: 'none', workMs: 300 }, hurts: true, notice: 'Five pages a second, each with 300 ms of work, are more than one gateway can do. Pages queue in front of it, and the services have next to nothing to do.' },
  ],
  outcome({ totals }) {
    const { offered = 0, shown = 0, gaps = 0 } = totals;
    return `${plain(shown)} of ${count(offered, 'page')} shown within 2 s${gaps > 0 ? `, ${plain(gaps)} of them with a part missing` : ''}; half of them took at most ${duration(totals['took.p50'] ?? 0)}, 99 of 100 at most ${duration(totals['took.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault } = settings;
  const gateway = new Service(simulation, { workers: 1 });
  const running = Object.fromEntries(names.map((name) => [name, new Service(simulation, { workers: 8 })])) as Record<Name, Service>;
  const victim = fault === 'required' ? 'prices' : fault === 'gateway' ? 'gateway' : 'reviews';
  let answersErrors = false;
  record.expect('offered', 'shown', 'gaps', 'failed', ...names);
  for (const lane of [...names, 'gateway']) record.state(lane, 'healthy');
  if (fault !== 'none') simulation.schedule(faultStartMs, () => {
    record.state(victim, fault === 'hang' ? 'hanging' : 'failing');
    if (fault === 'hang') running.reviews.stall();
    else if (fault === 'gateway') gateway.crash();
    else answersErrors = true;
    simulation.schedule(settings.faultSeconds * 1000, () => {
      record.state(victim, 'healthy');
      if (fault === 'hang') running.reviews.resume();
      gateway.restart();
      answersErrors = false;
    });
  });

  const serve = async (name: Name, page: number, signal?: AbortSignal): Promise<void> => {
    record.count(name);
    const durationMs = simulation.stream(name, page).lognormal(services[name].medianMs, 0.4);
    if (answersErrors && name === victim) throw new ServiceDownError(`${name} answers with errors`);
    await withTimeLimit(simulation, 60_000, () => running[name].serve(durationMs), signal);
  };
  /** One request of the phone; a lost one has no answer, and the app gives up on any after three seconds. */
  const overTheAir = (page: number, request: number, work: () => Promise<void>): Promise<void> => {
    const random = simulation.stream('air', page, request);
    const onTheWayMs = random.lognormal(settings.roundTripMs / 2, 0.3);
    const lost = random.chance(settings.lossPercent / 100);
    return withTimeLimit(simulation, 3_000, async () => {
      await simulation.sleep(lost ? Infinity : onTheWayMs);
      await work();
      await simulation.sleep(onTheWayMs);
    });
  };
  /** The platform would read a body in turns of its own, which simulated time does not see; so an answer has none, and its data at once. */
  class BodilessBackend extends Backend {
    override async call(...sent: Parameters<Backend['call']>): Promise<Response> {
      return Object.assign(await super.call(...sent), { json: async () => this.name });
    }
  }
  const parts: Record<string, Part> = Object.fromEntries(names.map((name) => [name, {
    required: services[name].required,
    path: (url: URL) => `/${name}${url.search}`,
    backend: new BodilessBackend({
      name, origin: `http://${name}`, maxConcurrent: 10, timeoutMs: settings.timeoutMs, clock: simulation,
      fetch: async (request) => {
        await serve(name, Number(request.url.split('=')[1]), request.signal);
        return new Response();
      },
    }),
  }]));
  const show: Record<string, (page: number) => Promise<void>> = {
    serial: async (page) => { for (const [at, name] of names.entries()) await overTheAir(page, at, () => serve(name, page)); },
    parallel: async (page) => { await Promise.all(names.map((name, at) => overTheAir(page, at, () => serve(name, page)))); },
    with: (page) => overTheAir(page, 0, async () => {
      await gateway.serve(settings.workMs);
      const { complete } = await aggregate(parts, new Request(`http://shop/page?id=${page}`), { requestId: `${page}`, deadlineMs: simulation.now() + 1_000, signal: new AbortController().signal });
      if (!complete) record.count('gaps');
    }),
  };
  poissonArrivals(simulation, settings.pages, (page) => {
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const failed = await show[variant]?.(page).then(() => false, () => true);
      const tookMs = simulation.now() - startMs;
      record.duration('took', tookMs);
      record.count(failed || tookMs > patienceMs ? 'failed' : 'shown');
    });
  });
}
