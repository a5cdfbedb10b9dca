import type { Clock, Random } from '../clock.ts';

/** The three questions of a platform. Startup: may the others be asked? Liveness: restart it? Readiness: send it traffic? */
export type Probe = 'startup' | 'liveness' | 'readiness';
export type Phase = 'starting' | 'serving' | 'draining';
/** `unknown` until the first result. */
export type Verdict = 'unknown' | 'well' | 'ill';

interface CheckOptions {
  /** As it should appear in the report and in metrics. */
  name: string;
  /** Rejects or throws when something is wrong. It must change nothing, and should end when the signal aborts. */
  run: (signal: AbortSignal) => Promise<unknown>;
  /** Mean pause between two runs; each is drawn within a quarter of it, so that instances do not ask in step. */
  intervalMs?: number;
  timeoutMs?: number;
  /** Failures in a row that turn "well" into "ill". */
  failures?: number;
  /** Successes in a row that turn "ill" into "well". */
  successes?: number;
}
/** Something of this process alone: other instances may be well while this one is ill. */
export interface ProcessCheck extends CheckOptions { of: 'process'; decides: 'liveness' | 'readiness' }
/** Something that other instances use as well. It never decides liveness: to restart this process repairs nothing elsewhere. */
export interface DependencyCheck extends CheckOptions { of: 'dependency'; decides?: 'nothing' | 'readiness' }
export type Check = ProcessCheck | DependencyCheck;

export interface HealthCheckOptions {
  /** The process, as it should appear in events. */
  name: string;
  checks: readonly Check[];
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: HealthEvent) => void;
}

/** For anybody who may ask: a status for HTTP and one word, no names of anything inside. */
export interface Answer { status: 200 | 503; body: 'ok' | 'starting' | 'draining' | 'failing' }

/** For people and dashboards, on an address that is not public. */
export interface Report {
  name: string;
  phase: Phase;
  checks: readonly CheckReport[];
}
export interface CheckReport {
  name: string;
  of: Check['of'];
  decides: 'liveness' | 'readiness' | 'nothing';
  verdict: Verdict;
  /** Time since the last result; undefined before the first. */
  ageMs: number | undefined;
  /** What the last run failed with. */
  error: string | undefined;
}

export type Occurrence =
  | { type: 'phase'; from: Phase; to: Phase }
  | { type: 'result'; check: string; ok: boolean; durationMs: number }
  | { type: 'verdict'; check: string; from: Verdict; to: Verdict };
export type HealthEvent = { process: string; atMs: number } & Occurrence;

/** A run of a check took too long. */
export class CheckTimeoutError extends Error {
  override readonly name = 'CheckTimeoutError';
  readonly check: string;

  constructor(check: string, limitMs: number) {
    super(`check '${check}' gave no result within ${limitMs} ms`);
    this.check = check;
  }
}

/** The run before has not ended although it was told to; another one would only queue behind it. */
export class CheckStuckError extends Error {
  override readonly name = 'CheckStuckError';
  readonly check: string;

  constructor(check: string) {
    super(`check '${check}' was not run: its last run has not ended`);
    this.check = check;
  }
}
