import { burst, count, defineScenario, duration, plain, poissonArrivals, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { JobApi } from './asynchronous-request-reply.ts';
import type { Reply } from './asynchronous-request-reply.ts';
import { request } from './client.ts';
import { MemoryJobs } from './memory-jobs.ts';
import { workOnce } from './worker.ts';

const doors = 6;
const pageMs = 25;
const tightMs = 200;
const lastReportMs = 40_000;
const durationMs = 90_000;

/** Reports take seconds, the gateway waits for ten, and the web shop wants its pages from the same threads. */
export const scenario = defineScenario({
  title: 'A report takes six seconds, and the gateway waits for ten',
  durationMs,
  frameMs: 1_000,
  parameters: {
    reports: { kind: 'number', label: 'Reports', unit: 'per second', min: 0.5, max: 4, step: 0.5, default: 1.5 },
    peak: { kind: 'number', label: 'Reports from second 10 to 20', unit: 'per second', min: 0.5, max: 12, step: 0.5, default: 1.5 },
    workMs: { kind: 'number', label: 'A report takes (median)', unit: 'ms', min: 100, max: 20_000, step: 100, default: 6_000 },
    workers: { kind: 'number', label: 'Workers for reports', unit: '', min: 1, max: 60, step: 1, default: 16 },
    gatewaySeconds: { kind: 'number', label: 'The gateway waits', unit: 's', min: 1, max: 120, step: 1, default: 10 },
    lostPercent: { kind: 'number', label: 'Answers that get lost', unit: '%', min: 0, max: 20, step: 1, default: 2 },
    pages: { kind: 'number', label: 'Other pages', unit: 'per second', min: 0, max: 150, step: 10, default: 60 },
    withinMs: { kind: 'number', label: 'A report is of use within', unit: 'ms', min: 500, max: 60_000, step: 500, default: 45_000 },
  },
  variants: [{ id: 'waiting', label: 'the caller waits' }, { id: 'tight', label: '202, asked every 200 ms' }, { id: 'with', label: '202 with Retry-After' }],
  charts: [
    { kind: 'rate', series: 'got', title: 'Reports that reach their caller, per second' },
    { kind: 'level', series: 'held', title: 'Threads of the API in use or waited for', unit: 'requests', most: { value: doors } },
    { kind: 'duration', series: 'page', title: 'Other pages, 99 of 100' },
    { kind: 'rate', series: 'asked', title: 'Status requests, per second' },
  ],
  stations: [
    { id: 'users', label: 'Users', shape: 'client' },
    { id: 'api', label: 'API', shape: 'service', fill: { series: 'held', most: { value: doors } } },
    { id: 'jobs', label: 'Jobs', shape: 'store', only: ['tight', 'with'] },
    { id: 'workers', label: 'Workers', shape: 'service' },
  ],
  flows: [
    { from: 'users', to: 'api', series: 'calls', failing: 'cut' },
    { from: 'api', to: 'jobs', series: 'offered' },
    { from: 'jobs', to: 'workers', series: 'begun' },
  ],
  measure: { total: 'useful', label: 'reports that reached their caller in time', better: 'more' },
  tries: [
    { id: 'reports', title: 'Reports that take their time', settings: {}, notice: 'Callers who wait hold all threads of the API, so the pages of the shop wait behind them, and what takes longer than ten seconds is cut off, asked for again and done again. Accepted at once, a report costs the API a handful of short requests.' },
    { id: 'month-end', title: 'The end of the month', settings: { peak: 8 }, notice: 'A queue builds up for ten seconds. Callers that ask every 200 ms ask the more often the longer the queue is, and the pages feel it. Retry-After grows with the queue: three questions for each report instead of sixty-five.' },
    { id: 'lost', title: 'One answer in ten gets lost', settings: { lostPercent: 10, workMs: 1_500 }, notice: 'Reports are short enough for all to wait. But who hears nothing starts the work anew. With a key the repeat finds the job that is there: as many are begun as were asked for.' },
    { id: 'short', title: 'Reports that take 300 ms, wanted within a second', settings: { workMs: 300, withinMs: 1_000, lostPercent: 0 }, hurts: true, notice: 'The caller who waits has the report in a third of a second. Told to come back in a second, the other has it a second later: what is short should be answered at once.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, useful = 0, begun = 0, asked = 0 } = totals;
    return `${plain(useful)} of ${count(offered, 'report')} reached their caller within ${duration(withinMs)}, ${plain(begun)} were worked on; ${count(asked, 'status request')}, and pages took up to ${duration(totals['page.p99'] ?? 0)} (p99).`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { withinMs, workers } = settings;
  const door = new WorkerPool(simulation, doors);
  let held = 0;
  record.expect('offered', 'calls', 'cut', 'begun', 'asked', 'got', 'useful');
  record.level('held', () => held);
  /** A thread of the API, for as long as the answer takes. */
  const through = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    held += 1;
    return door.run(work).finally(() => { held -= 1; });
  };
  const report = async (order: number, time: number, signal?: AbortSignal): Promise<string> => {
    record.count('begun');
    await simulation.sleep(simulation.stream('report', order, time).lognormal(settings.workMs, 0.5), signal);
    return 'rows';
  };
  const isLost = (order: number, time: number): boolean => simulation.stream('lost', order, time).chance(settings.lostPercent / 100);

  const crew = new WorkerPool(simulation, workers);
  /** Holds the line; the gateway cuts it off, and the user asks again, twice. The work goes on all the same. */
  const waiting = async (order: number): Promise<void> => {
    for (let time = 0; time < 3; time++) {
      record.count('calls');
      const answered = through(() => crew.run(() => report(order, time)));
      const answer = await Promise.race([answered, simulation.sleep(settings.gatewaySeconds * 1_000)]);
      if (answer !== undefined && !isLost(order, time)) return;
      record.count('cut');
      await simulation.sleep(1_000);
    }
    throw new Error('given up');
  };

  const jobs = new MemoryJobs(simulation, numbered());
  const api = new JobApi(jobs, { places: 500, workers, usualMs: settings.workMs, longestPollSeconds: 15 });
  const polling = async (order: number): Promise<void> => {
    let time = 0;
    await request(async (method, path, send) => {
      record.count('calls');
      if (method === 'GET') record.count('asked');
      const [, id = '', part] = path.split('/').slice(1);
      const reply = await through(async (): Promise<Reply> => {
        await simulation.sleep(pageMs);
        if (method === 'POST') return api.post('ann', send!.key, send!.input);
        return part === undefined ? api.get('ann', id) : api.result('ann', id);
      });
      if (isLost(order, (time += 1))) throw new Error('no answer');
      // Whoever asks in a tight loop does not read what it is told.
      return variant === 'tight' ? { ...reply, headers: { ...reply.headers, 'retry-after': String(tightMs / 1_000) } } : reply;
    }, '/jobs', String(order), order, { giveUpMs: durationMs, clock: simulation, random: simulation.stream('poll', order).next });
  };
  if (variant !== 'waiting') {
    for (let worker = 0; worker < workers; worker++) {
      simulation.spawn(async () => {
        for (;;) {
          const worked = await workOnce(jobs, (order, { signal }) => report(order as number, 0, signal), { leaseMs: 9_000, maxAttempts: 3, clock: simulation, onDone: (tookMs) => api.observe(tookMs) });
          if (!worked) await simulation.sleep(200);
        }
      });
    }
  }
  const get = variant === 'waiting' ? waiting : polling;
  poissonArrivals(simulation, burst(settings.reports, settings.peak, 10_000, 20_000), (order) => {
    if (simulation.now() > lastReportMs) return;
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(() => get(order).then(() => {
      record.count('got');
      if (simulation.now() - startMs <= withinMs) record.count('useful');
    }, () => {}));
  }, { stream: 'reports' });
  poissonArrivals(simulation, settings.pages, (page) => {
    if (simulation.now() > lastReportMs) return;
    const startMs = simulation.now();
    simulation.spawn(() => through(() => simulation.sleep(simulation.stream('page', page).exponential(pageMs))).then(() => record.duration('page', simulation.now() - startMs)));
  }, { stream: 'pages' });
}

function numbered(): () => string {
  let last = 0;
  return () => `j${(last += 1)}`;
}
