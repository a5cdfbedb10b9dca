import { Histogram } from './histogram.ts';
import type { Simulation } from './simulation.ts';

/** A stretch of time in which something was in one state. */
export interface Stretch { fromMs: number; untilMs: number; state: string }

/** What one run gave, as plain data: the same in Node and in the browser for one seed. */
export interface Recording {
  frameMs: number;
  /** One number a frame for each series: counts of the frame, levels at its end, quantiles of the frame in ms. */
  frames: Record<string, number[]>;
  /** How many durations of a series each frame has: quantiles of none say nothing. */
  samples: Record<string, number[]>;
  /** Sums of the counts; of durations `<series>.p50`, `.p99`, `.max` and `.mean` in ms, and `.count`. */
  totals: Record<string, number>;
  /** State timelines, each without gaps from 0 to the end. */
  lanes: Record<string, Stretch[]>;
}

/** Writes down what happens, in frames of fixed length. */
export class Recorder {
  readonly #simulation: Simulation;
  readonly #frameMs: number;
  readonly #frameCount: number;
  readonly #counts = new Map<string, number[]>();
  readonly #levels = new Map<string, { read: () => number; values: number[] }>();
  readonly #durations = new Map<string, { all: Histogram; frames: Histogram[] }>();
  readonly #lanes = new Map<string, Stretch[]>();

  constructor(simulation: Simulation, durationMs: number, frameMs: number) {
    this.#simulation = simulation;
    this.#frameMs = frameMs;
    this.#frameCount = Math.ceil(durationMs / frameMs);
    const sample = (): void => {
      for (const { read, values } of this.#levels.values()) values.push(read());
      if (simulation.now() < durationMs) simulation.schedule(Math.min(frameMs, durationMs - simulation.now()), sample);
    };
    simulation.schedule(Math.min(frameMs, durationMs), sample);
  }

  /** Counts something that happens now. */
  count(series: string, by = 1): void {
    const frames = existing(this.#counts, series, () => new Array<number>(this.#frameCount).fill(0));
    const frame = this.#frame();
    frames[frame] = (frames[frame] ?? 0) + by;
  }

  /** Makes sure that a series exists although nothing of it may happen. */
  expect(...series: string[]): void {
    for (const each of series) this.count(each, 0);
  }

  /** A quantity that is read at the end of every frame; 0 in frames before this call. */
  level(series: string, read: () => number): void {
    this.#levels.set(series, { read, values: new Array<number>(this.#frame()).fill(0) });
  }

  /** A duration that ends now. */
  duration(series: string, ms: number): void {
    const { all, frames } = existing(this.#durations, series, () => ({ all: new Histogram(), frames: Array.from({ length: this.#frameCount }, () => new Histogram()) }));
    all.add(ms);
    frames[this.#frame()]?.add(ms);
  }

  /** From now on the lane is in this state. The first call counts from the beginning. */
  state(lane: string, state: string): void {
    const stretches = existing(this.#lanes, lane, () => []);
    const last = stretches.at(-1);
    if (last?.state === state) return;
    if (last !== undefined) last.untilMs = this.#simulation.now();
    stretches.push({ fromMs: last?.untilMs ?? 0, untilMs: Infinity, state });
  }

  /** Closes the book at the present time. */
  recording(): Recording {
    const untilMs = this.#simulation.now();
    const frames: Recording['frames'] = {};
    const samples: Recording['samples'] = {};
    const totals: Recording['totals'] = {};
    for (const [series, counts] of this.#counts) {
      frames[series] = counts;
      totals[series] = counts.reduce((sum, each) => sum + each, 0);
    }
    for (const [series, { values }] of this.#levels) frames[series] = values.slice(0, this.#frameCount);
    for (const [series, { all, frames: parts }] of this.#durations) {
      for (const percent of [50, 99]) {
        const name = `${series}.p${percent}`;
        frames[name] = parts.map((part) => tidy(part.quantileMs(percent / 100)));
        totals[name] = tidy(all.quantileMs(percent / 100));
      }
      samples[series] = parts.map(({ count }) => count);
      totals[`${series}.max`] = tidy(all.maxMs);
      totals[`${series}.mean`] = tidy(all.meanMs);
      totals[`${series}.count`] = all.count;
    }
    const lanes = Object.fromEntries([...this.#lanes].map(([lane, stretches]) => [lane, stretches.map((stretch) => ({ ...stretch, untilMs: Math.min(stretch.untilMs, untilMs) }))]));
    return { frameMs: this.#frameMs, frames, samples, totals, lanes };
  }

  #frame(): number {
    return Math.min(this.#frameCount - 1, Math.floor(this.#simulation.now() / this.#frameMs));
  }
}

function existing<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}

/** Three decimals: more would be noise, and could differ in the last bit. */
function tidy(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
