/** Numbers of a recording as curves: few enough points to be drawn, scales that people can read. */
import type { Described } from './figure-words.ts';
import type { Outcome } from './run-scenario.ts';
import { roleOf } from './scenario.ts';
import type { Chart, Role } from './scenario.ts';

export type CurveChart = Exclude<Chart, { kind: 'lane' }>;

export interface Curve {
  variant: string;
  label: string;
  role: Role;
  /** One value a bin; NaN where there is none. */
  values: number[];
}

export interface Curves {
  curves: Curve[];
  /** How many frames are taken together. */
  framesPerBin: number;
}

export function curvesOf(described: Described, outcome: Outcome, chart: CurveChart, bins = Infinity): Curves {
  const frameCount = Math.ceil(described.durationMs / described.frameMs);
  const framesPerBin = Math.max(1, Math.ceil(frameCount / bins));
  const curves = described.variants.map(({ id, label }) => {
    const frames = outcome[id]?.frames[chart.kind === 'duration' ? `${chart.series}.p99` : chart.series] ?? [];
    let sum = 0;
    const values = Array.from({ length: Math.ceil(frameCount / framesPerBin) }, (_, bin) => {
      const part = frames.slice(bin * framesPerBin, (bin + 1) * framesPerBin);
      const counted = part.reduce((total, each) => total + each, 0);
      sum += counted;
      if (chart.kind === 'rate') return counted * 1000 / (described.frameMs * Math.max(1, part.length));
      if (chart.kind === 'sum') return sum;
      if (chart.kind === 'level') return part.at(-1) ?? 0;
      const sizes = outcome[id]?.samples[chart.series]?.slice(bin * framesPerBin, (bin + 1) * framesPerBin);
      return sizes?.every((size) => size === 0) === true ? Number.NaN : Math.max(0, ...part);
    });
    return { variant: id, label, role: roleOf(described, id), values };
  });
  return { curves, framesPerBin };
}

/** Round numbers from 0 to at least `most`, at most `count` steps. */
export function ticks(most: number, count: number): number[] {
  const rough = Math.max(most, Number.MIN_VALUE) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = most <= 0 ? 1 : ([1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  return Array.from({ length: Math.max(1, Math.ceil(most / step - 0.001)) + 1 }, (_, at) => at * step);
}

/** Heights of the values in pixels from the top. */
export function heights(values: readonly number[], top: number, height: number): number[] {
  return values.map((value) => Math.round(height - value / top * height));
}

/**
 * A polyline with one unit between points, as short as a path can be said, broken where a value is missing.
 * A value stands at the end of its bin: nothing falls before its cause, and a name says what its curve shows.
 */
export function pathOf(ys: readonly number[]): string {
  let path = '';
  for (let at = 0, flat = 0; at < ys.length; at++) {
    const y = ys[at] ?? Number.NaN;
    const rise = y - (ys[at - 1] ?? Number.NaN);
    if (Number.isNaN(y)) continue;
    if (Number.isNaN(rise)) path += `M${at + 1} ${y}`;
    else if (rise !== 0) path += `l1${rise < 0 ? '' : ' '}${rise}`;
    else flat += 1;
    if (flat > 0 && ys[at + 1] !== y) {
      path += `h${flat}`;
      flat = 0;
    }
    // Alone between two gaps, a point is a dash.
    if (Number.isNaN(rise) && Number.isNaN(ys[at + 1] ?? Number.NaN)) path += 'h-.5';
  }
  return path;
}

/** Height of a polyline between its points, `at` bins from the start; of the one end that is there, else NaN. */
export function heightAt(ys: readonly number[], bins: number): number {
  const at = bins - 1;
  const left = Math.max(0, Math.min(ys.length - 1, Math.floor(at)));
  const [from, to] = [ys[left] ?? Number.NaN, ys[left + 1] ?? Number.NaN];
  if (Number.isNaN(from) || Number.isNaN(to)) return at - left > 0.75 && !Number.isNaN(to) ? to : from;
  return from + (to - from) * Math.max(0, Math.min(1, at - left));
}

/** The largest that there is. */
export function largest(values: readonly number[], atLeast = 0): number {
  return Math.max(atLeast, ...values.filter((value) => !Number.isNaN(value)));
}

/** Most a level can be. */
export function mostOf(most: { parameter: string } | { value: number } | undefined, settings: Readonly<Record<string, unknown>>): number | undefined {
  return most === undefined ? undefined : 'value' in most ? most.value : Number(settings[most.parameter]);
}
