/** What a figure says in words and numbers; the build and the browser say the same. */
import type { Outcome } from './run-scenario.ts';
import type { Recording } from './recorder.ts';
import type { Chart, Parameter, Scenario, Variant } from './scenario.ts';
import { duration, plain } from './wording.ts';

/** A scenario as plain data. */
export type Described = Omit<Scenario, 'outcome'>;

/** What came of it with the pattern and without, by the number that the scenario names. */
export function comparison({ measure, variants }: Described, outcome: Outcome): string {
  const [first] = variants;
  const last = variants.at(-1) ?? first;
  const before = valueOf(outcome, first, measure.total);
  const after = valueOf(outcome, last, measure.total);
  const difference = `${plain(Math.abs(after - before), 1)} ${after > before ? 'more' : 'fewer'}`;
  const better = (after > before) === (measure.better === 'more');
  const verdict = after === before ? 'The pattern makes no difference.' : better ? `The pattern helps: ${difference}.` : `Here the pattern hurts: ${difference}.`;
  return `${capital(measure.label)}: ${last.label} ${plain(after, 1)}, ${first.label} ${plain(before, 1)}. ${verdict}`;
}

function valueOf(outcome: Outcome, { id }: Variant, total: string): number {
  return outcome[id]?.totals[total] ?? 0;
}

/** What simulated time is told in. */
export function unitOf({ durationMs }: Pick<Scenario, 'durationMs'>): { unitMs: number; unit: string } {
  if (durationMs < 1_000) return { unitMs: 1, unit: 'ms' };
  if (durationMs < 600_000) return { unitMs: 1_000, unit: 's' };
  return durationMs < 36_000_000 ? { unitMs: 60_000, unit: 'min' } : { unitMs: 3_600_000, unit: 'h' };
}

/** A point in simulated time, as fine as the frames. */
export function clock(ms: number, { durationMs, frameMs }: Pick<Scenario, 'durationMs' | 'frameMs'>): string {
  const { unitMs, unit } = unitOf({ durationMs });
  return `${plain(ms / unitMs, frameMs % unitMs === 0 ? 0 : frameMs % (unitMs / 10) === 0 ? 1 : 2)} ${unit}`;
}

/** What a parameter is set to, with its unit. */
export function readout(parameter: Parameter, value: number | string | boolean): string {
  if (parameter.kind === 'choice') return parameter.options[String(value)] ?? String(value);
  if (parameter.kind === 'flag') return value === true ? 'yes' : 'no';
  return `${plain(Number(value), 3)}${parameter.unit === '' ? '' : ` ${parameter.unit}`}`;
}

/** A value of a curve: whole where decimals would only be noise. */
export function amount(value: number): string {
  return plain(value, Math.abs(value) < 10 ? 1 : 0);
}

/** A value of a chart, as it is said: durations with their unit, and nothing where there is none. */
export function said({ kind }: Pick<Chart, 'kind'>, value: number): string {
  if (Number.isNaN(value)) return '–';
  return kind === 'duration' ? duration(value) : amount(value);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Without the place where a long word may be broken: a voice would stumble over it. */
export function unbroken(text: string): string {
  return text.replace('\u00ad', '');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** The state of a lane at a time. */
export function stateAt(recording: Recording | undefined, lane: string, atMs: number): string | undefined {
  return recording?.lanes[lane]?.findLast(({ fromMs }) => fromMs <= atMs)?.state;
}

/** What happens around the pattern: lanes that are the same in every variant, without their usual state, the first. */
export function surroundings({ stations = [] }: Pick<Described, 'stations'>, outcome: Outcome): { name: string; state: string; fromMs: number; untilMs: number }[] {
  const [first, ...others] = Object.values(outcome);
  return Object.entries(first?.lanes ?? {}).flatMap(([lane, stretches]) => {
    if (others.length === 0 || others.some(({ lanes }) => JSON.stringify(lanes[lane]) !== JSON.stringify(stretches))) return [];
    const name = unbroken(stations.find((station) => station.lane === lane)?.label ?? capital(lane));
    return stretches.filter(({ state, untilMs, fromMs }) => state !== stretches[0]?.state && untilMs > fromMs).map(({ state, fromMs, untilMs }) => ({ name, state, fromMs, untilMs }));
  });
}
