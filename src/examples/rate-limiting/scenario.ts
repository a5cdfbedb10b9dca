import { burst, count, defineScenario, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { RateLimiter } from './rate-limiting.ts';
import { FixedWindow } from './windows.ts';

const usefulMs = 1_000;
const workers = 6;
const queue = 300;
const troubleStartMs = 8_000;
const troubleEndMs = 32_000;
const batchEveryMs = 10_000;

/** Partners read the catalogue through an API. One of them has a script that loops, saves up its budget, or sends a batch. */
export const scenario = defineScenario({
  title: 'A partner’s script loops, and four others want their answers',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What the fifth partner does', options: { loop: 'its script loops', edge: 'its script waits for the change of the window', batch: 'it sends its batch every ten seconds', nothing: 'nothing' }, default: 'loop' },
    loopPerSecond: { kind: 'number', label: 'Calls of the script', unit: 'per second', min: 20, max: 200, step: 10, default: 80 },
    batch: { kind: 'number', label: 'Calls in a batch', unit: '', min: 10, max: 200, step: 10, default: 60 },
    perSecond: { kind: 'number', label: 'Calls of each other partner', unit: 'per second', min: 1, max: 20, step: 1, default: 6 },
    budget: { kind: 'number', label: 'Budget of a partner', unit: 'per second', min: 1, max: 40, step: 1, default: 10 },
    capacity: { kind: 'number', label: 'Tokens in a full bucket', unit: 'calls', min: 1, max: 200, step: 1, default: 20 },
    windowSeconds: { kind: 'number', label: 'Length of a fixed window', unit: 's', min: 1, max: 20, step: 1, default: 10 },
    mostWaitMs: { kind: 'number', label: 'Bucket: callers wait for a token up to', unit: 'ms', min: 0, max: 10_000, step: 500, default: 0 },
  },
  variants: [{ id: 'without', label: 'no limit' }, { id: 'window', label: 'fixed window' }, { id: 'with', label: 'token bucket' }],
  charts: [
    { kind: 'rate', series: 'others', title: 'Calls of the four others answered within 1 s, per second' },
    { kind: 'level', series: 'queued', title: 'Calls that wait in the catalogue', unit: 'calls', most: { value: queue } },
    { kind: 'rate', series: 'fifth', title: 'Calls of the fifth partner let through, per second' },
    { kind: 'rate', series: 'refused', title: 'Calls refused by the limit, per second' },
  ],
  stations: [
    { id: 'partners', label: 'Five partners', shape: 'client' },
    { id: 'limit', label: 'Limit', shape: 'gate', only: ['window', 'with'] },
    { id: 'catalogue', label: 'Catalogue', shape: 'service', fill: { series: 'queued', most: { value: queue } } },
  ],
  flows: [
    { from: 'partners', to: 'limit', series: 'offered', failing: 'refused' },
    { from: 'limit', to: 'catalogue', series: 'calls', failing: 'late' },
  ],
  measure: { total: 'answered', label: 'honest calls answered within 1 s of being let through', better: 'more' },
  tries: [
    { id: 'loop', title: 'A script that loops', settings: {}, notice: 'Without a limit the script fills the queue, and the four others wait or are turned away until seconds after it has stopped. A fixed window lets the budget of ten seconds through at once, again and again, and the others feel each time. The bucket lets the script through at its rate.' },
    { id: 'edge', title: 'A script that knows the clock', settings: { trouble: 'edge', windowSeconds: 15 }, notice: 'It sends the budget of one window in its last moment and that of the next in its first: 300 calls in a fifth of a second, and the fixed window allows them all. The others fare as they do without a limit. The bucket admits 22.' },
    { id: 'batch', title: 'An honest batch, and a server with time to spare', settings: { trouble: 'batch' }, hurts: true, notice: 'Sixty calls every ten seconds are within the budget, and the catalogue would do them in a second. The bucket holds twenty, so forty of each batch are refused while the workers have time to spare.' },
    { id: 'wait', title: 'The same batch, from a caller that paces itself', settings: { trouble: 'batch', mostWaitMs: 6_000 }, notice: 'Now the partner waits for its tokens. A batch takes four seconds instead of one, nothing is refused, and the queue of the catalogue stays short: the limit costs time and no errors.' },
    { id: 'everybody', title: 'All keep to their budget, and it is too much', settings: { trouble: 'nothing', perSecond: 20, budget: 40 }, notice: 'Each of the four stays below its budget of 40 a second. Together they send 80, and the catalogue manages 60. No limit for each partner helps here: refuse by load instead.' },
  ],
  outcome({ totals }) {
    const { honest = 0, answered = 0, refused = 0, fifth = 0 } = totals;
    return `${plain(answered)} of ${count(honest, 'honest call')} answered within 1 s, ${plain(refused)} refused by the limit; ${count(fifth, 'call')} of the fifth partner let through.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, budget, windowSeconds, mostWaitMs } = settings;
  const catalogue = new Service(simulation, { workers, queue });
  const bucket = new RateLimiter({ name: 'catalogue', capacity: settings.capacity, refill: budget, refillMs: 1_000, clock: simulation });
  const windows = new Map<string, FixedWindow>();
  record.expect('offered', 'honest', 'answered', 'others', 'fifth', 'refused', 'late', 'calls');
  record.level('queued', () => catalogue.queued);

  const refuse = (): void => record.count('refused');
  const pass = (partner: string, number: number, isHonest: boolean): void => {
    record.count('calls');
    if (partner === 'fifth') record.count('fifth');
    const startMs = simulation.now();
    catalogue.submit(simulation.stream(partner, number).lognormal(92, 0.4), (error) => {
      if (error !== undefined || simulation.now() - startMs > usefulMs) return record.count('late');
      if (isHonest) record.count('answered');
      if (partner !== 'fifth') record.count('others');
    });
  };
  const windowOf = (partner: string): FixedWindow => {
    const window = windows.get(partner) ?? new FixedWindow({ limit: budget * windowSeconds, windowMs: windowSeconds * 1_000, clock: simulation });
    windows.set(partner, window);
    return window;
  };
  const call = (partner: string, number: number, isHonest = true): void => {
    record.count('offered');
    if (isHonest) record.count('honest');
    const go = (): void => pass(partner, number, isHonest);
    if (variant === 'with' && mostWaitMs > 0) return simulation.spawn(() => bucket.wait(partner, { mostWaitMs }).then(go, refuse));
    try {
      if (variant === 'with') bucket.take(partner);
      if (variant === 'window' && windowOf(partner).take() > 0) return refuse();
    } catch {
      return refuse();
    }
    go();
  };
  const fifth = (number: number): void => call('fifth', number, trouble === 'batch');
  for (let partner = 1; partner <= 4; partner++) poissonArrivals(simulation, settings.perSecond, (number) => call(`partner ${partner}`, number), { stream: `arrivals of partner ${partner}` });
  if (trouble === 'loop') poissonArrivals(simulation, burst(0, settings.loopPerSecond, troubleStartMs, troubleEndMs), fifth, { stream: 'arrivals of the script' });
  let sent = 0;
  const send = (calls: number): void => { for (let each = 0; each < calls; each++) fifth(sent++); };
  const windowMs = windowSeconds * 1_000;
  // As much as two windows allow, half of it just before they change.
  if (trouble === 'edge') for (const offsetMs of [-100, 100]) simulation.schedule(windowMs + offsetMs, () => send(budget * windowSeconds));
  if (trouble === 'batch') for (let atMs = batchEveryMs / 2; atMs < troubleEndMs + batchEveryMs; atMs += batchEveryMs) simulation.schedule(atMs, () => send(settings.batch));
}
