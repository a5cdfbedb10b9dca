/** What goes into the sandbox and what may come out: plain data, checked before anything of the page sees it. */
import type { Recording } from '../simulator/recorder.ts';
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Settings } from '../simulator/scenario.ts';
import type { Place } from './example-compiler.ts';
import type { Files } from './load-scenario.ts';

export interface Job { files: Files; slug: string; settings: Settings; seed: number }

export interface Problem { message: string; /** In the source, where it is known. */ place?: Place }

/** `printed`: what the code wrote to its console. */
export type Answer = { outcome: Outcome; printed: string[] } | { problem: Problem; printed: string[] };

/** Said by the worker when the code is compiled and its time begins. */
export const begun = 'begun';
export const mostLines = 100;
export const mostLetters = 500;
/** Far above any scenario: 80 seconds in frames of 500 ms are 160. */
const mostEntries = 10_000;

/**
 * Copies what is as it should be; nothing of the sandbox's objects goes on.
 * @throws TypeError with a sentence for the reader
 */
export function readAnswer(data: unknown): Answer {
  const answer = object(data, 'the answer');
  const printed = list(answer['printed'], 'printed').slice(0, mostLines).map((line) => text(line, 'printed'));
  if ('problem' in answer) return { problem: readProblem(object(answer['problem'], 'the problem')), printed };
  return { outcome: record(answer['outcome'], 'the outcome', readRecording), printed };
}

function readProblem(problem: Readonly<Record<string, unknown>>): Problem {
  const message = text(problem['message'], 'the message');
  if (problem['place'] === undefined) return { message };
  const { file, line, column } = object(problem['place'], 'the place');
  return { message, place: { file: text(file, 'file'), line: Math.max(1, number(line, 'line')), column: Math.max(1, number(column, 'column')) } };
}

function readRecording(value: unknown, name: string): Recording {
  const { frameMs, frames, samples, totals, lanes } = object(value, name);
  return {
    frameMs: number(frameMs, `${name}.frameMs`),
    frames: record(frames, `${name}.frames`, numbers),
    samples: record(samples, `${name}.samples`, numbers),
    totals: record(totals, `${name}.totals`, number),
    lanes: record(lanes, `${name}.lanes`, (lane, at) => list(lane, at).map((each) => {
      const { fromMs, untilMs, state } = object(each, at);
      return { fromMs: number(fromMs, at), untilMs: number(untilMs, at), state: text(state, at) };
    })),
  };
}

function numbers(series: unknown, name: string): number[] {
  return list(series, name).map((each) => number(each, name));
}

function record<Value>(value: unknown, name: string, read: (value: unknown, name: string) => Value): Record<string, Value> {
  const entries = Object.entries(object(value, name));
  if (entries.length > mostEntries) throw new TypeError(`${name} has ${entries.length} entries; at most ${mostEntries} are taken`);
  return Object.fromEntries(entries.map(([key, each]) => [text(key, name), read(each, `${name}.${key}`)]));
}

function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${name} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value) || value.length > mostEntries) throw new TypeError(`${name} is no list of at most ${mostEntries} entries`);
  return Array.from(value as unknown[]);
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`${name} is ${typeof value === 'number' ? value : `a ${typeof value}`}, expected a finite number`);
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is a ${typeof value}, expected text`);
  return value.slice(0, mostLetters);
}
