/**
 * What a scenario is: an example among callers, services and faults, with knobs, and with and without the pattern. The
 * `scenario.ts` of an example exports two things. `scenario` is what is said: words, knobs, charts, things to try; pages
 * load it. `stage` is what runs; workers load it, and nothing else: the bundler leaves the other one out. So neither names
 * the other (what both need, such as a number of workers, is a constant above them), and `scenario` is plain data: no
 * calls, no templates. A test of the built site says where a word of a scenario came along.
 */
import type { Recorder, Recording } from './recorder.ts';
import type { Simulation } from './simulation.ts';

export type Parameter =
  | { kind: 'number'; label: string; /** For example `ms`, `per second`, `%`; empty for a count. */ unit: string; min: number; max: number; step: number; default: number }
  | { kind: 'choice'; label: string; options: Readonly<Record<string, string>>; default: string }
  | { kind: 'flag'; label: string; default: boolean };

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { kind: 'number' } ? number : P extends { kind: 'flag' } ? boolean : P extends { options: Readonly<Record<infer Key, string>> } ? Key & string : never;

export type Settings<P extends Parameters = Parameters> = { readonly [Id in keyof P]: ValueOf<P[Id]> };

/** One way to run the traffic. The first of a scenario goes without the pattern, the last has it. */
export interface Variant {
  id: string;
  /** For a legend, for example "no breaker". */
  label: string;
}

/** A curve for each variant, or a row of coloured stretches for each variant that has the lane. */
export type Chart =
  | { kind: 'rate'; /** Series of counts, shown per second. */ series: string; title: string }
  | { kind: 'sum'; /** Series of counts, added up from the beginning. */ series: string; title: string }
  | { kind: 'level'; series: string; title: string; unit: string; /** A line that says how much there can be. */ most?: { parameter: string } | { value: number } }
  | { kind: 'duration'; /** Series of durations; the 99th percentile of each frame is shown. */ series: string; title: string }
  | { kind: 'lane'; lane: string; title: string; /** What each state means for a reader: good, bad, or between. */ tones: Readonly<Record<string, 'good' | 'bad' | 'between'>> };

/** A setting worth a look, and what to see there. */
export interface Try<P extends Parameters = Parameters> {
  id: string;
  title: string;
  /** What to notice, in one or two sentences. */
  notice: string;
  settings: Partial<Settings<P>>;
  /** True where the pattern does harm: its measure is then worse than without it. A test holds this. */
  hurts?: true;
}

/** Where things stand in the drawing of the scene, from left to right; levels fill the symbols as time goes by. */
export interface Station {
  id: string;
  label: string;
  shape: 'client' | 'service' | 'gate' | 'queue' | 'store';
  /** A level series shown as filling, and how much fits. */
  fill?: { series: string; most: { parameter: string } | { value: number } };
  /** A lane whose state is written beside the symbol. */
  lane?: string;
  /** Variants in which the station exists; all when left out. */
  only?: readonly string[];
}
export interface Flow { from: string; to: string; /** Series of counts. */ series: string; /** Counts that go wrong, drawn as breaks. */ failing?: string }

export interface World<P extends Parameters = Parameters> {
  simulation: Simulation;
  record: Recorder;
  settings: Settings<P>;
  /** Id of the variant that runs. */
  variant: string;
}

export interface Scenario<P extends Parameters = Parameters> {
  /** What happens, as a headline: "Payments hangs for half a minute". */
  title: string;
  durationMs: number;
  frameMs: number;
  parameters: P;
  variants: readonly [Variant, Variant, ...Variant[]];
  charts: readonly Chart[];
  stations?: readonly Station[];
  flows?: readonly Flow[];
  /** The number by which "better" is decided, from the totals. */
  measure: { total: string; label: string; better: 'more' | 'less' };
  /** The first shows the failure with the default settings. One at least `hurts`. */
  tries: readonly Try<P>[];
  /** What came out for one variant, as a sentence without its name: "982 of 1,000 checkouts went through, …". */
  outcome: (recording: Recording, settings: Settings<P>) => string;
}

/** Sets the stage; the simulation then runs for `durationMs`. Everybody's traffic comes from streams that do not depend on the variant. */
export type Stage<P extends Parameters = Parameters> = (world: World<P>) => void;

/** What a `scenario.ts` exports. */
export interface Staged<P extends Parameters = Parameters> { scenario: Scenario<P>; stage: Stage<P> }

/** Keeps the parameters' names in the type of the settings. No side effects: who asks only for the stage gets no word of it. */
/* @__NO_SIDE_EFFECTS__ */
export function defineScenario<const P extends Parameters>(scenario: Scenario<P>): Scenario<P> {
  return scenario;
}

export type Role = 'with' | 'without' | 'between' | 'besides';

/** How a variant is drawn: the last one has the pattern, the first goes without; of those between there are two kinds. */
export function roleOf({ variants }: Pick<Scenario, 'variants'>, id: string): Role {
  const at = variants.findIndex((variant) => variant.id === id);
  return at === variants.length - 1 ? 'with' : at === 0 ? 'without' : at % 2 === 1 ? 'between' : 'besides';
}
