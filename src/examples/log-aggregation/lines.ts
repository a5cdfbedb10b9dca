/**
 * One event, one line of JSON. Names of fields follow the data model of OpenTelemetry where it has one:
 * https://opentelemetry.io/docs/specs/otel/logs/data-model/.
 */
import { context, isSpanContextValid, propagation, SeverityNumber, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';

export interface LinesOptions {
  readonly service: string;
  /** One for each start of a process, since `sequence` begins anew with it. */
  readonly instance: string;
  /** Share of flows whose routine lines are kept, from 0 to 1. Warnings and errors are always kept. */
  readonly routineShare?: number;
  /** Longer texts are cut. */
  readonly mostCharacters?: number;
  readonly clock?: Clock;
  /** Unix time in milliseconds at which the clock read 0, by this machine, which may be off; the default belongs to the default clock. */
  readonly clockStartMs?: number;
  readonly random?: Random;
}

const flowKey = 'correlation.id';
const secretName = /pass(word|wd|phrase)|secret|token|authorization|cookie|api[-_]?key|card|cvv|iban/i;
const secretText = /\b(Bearer\s+|eyJ)[\w.~+/-]+=*/g;
const mostDepth = 6;
const mostMembers = 50;
const mostValues = 500;

/** Makes the lines of one process. */
export class Lines {
  readonly #options: Required<LinesOptions>;
  #sequence = 0;

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: LinesOptions) {
    this.#options = { routineShare: 1, mostCharacters: 8_192, clock: systemClock, clockStartMs: performance.timeOrigin, random: Math.random, ...options };
    const { routineShare, mostCharacters, clockStartMs } = this.#options;
    if (!(routineShare >= 0 && routineShare <= 1)) throw new RangeError(`routineShare must be a number from 0 to 1: current value is ${routineShare}`);
    if (!(Number.isInteger(mostCharacters) && mostCharacters > 0)) throw new RangeError(`mostCharacters must be a positive integer: current value is ${mostCharacters}`);
    if (!Number.isFinite(clockStartMs)) throw new RangeError(`clockStartMs must be a finite number: current value is ${clockStartMs}`);
  }

  // #region line
  /** The line, or nothing when its flow is not in the sample. Never throws, whatever the attributes hold. */
  line(severity: SeverityNumber, event: string, attributes: object = {}, within: Context = context.active()): string | undefined {
    const { service, instance, routineShare, clock, clockStartMs } = this.#options;
    const span = trace.getSpanContext(within);
    const place = span !== undefined && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
    const flow = propagation.getBaggage(within)?.getEntry(flowKey)?.value;
    const routine = severity < SeverityNumber.WARN;
    if (routine && !this.#sampled(flow ?? place.trace_id)) return undefined;
    return oneLine({
      time: new Date(clockStartMs + clock.now()).toISOString(),
      severity: SeverityNumber[severity],
      event,
      service,
      instance,
      sequence: this.#sequence++,
      ...place,
      ...(flow !== undefined && { correlation_id: flow }),
      ...(routine && routineShare < 1 && { share: routineShare }),
      attributes: this.#shown(attributes, { left: mostValues }),
    });
  }

  /** By flow, so that of a flow all routine lines are there or none, in every service with the same share. */
  #sampled(flow: string | undefined): boolean {
    const { routineShare, random } = this.#options;
    return (flow === undefined ? random() : position(flow)) < routineShare;
  }
  // #endregion line

  // #region shown
  /** What may be seen of a value: no secrets, no cycles, no endless texts, and no property that throws. A line has a number of values that may be `left`. */
  #shown(value: unknown, line: { left: number }, depth = 0): unknown {
    if (line.left-- <= 0) return '[too many]';
    if (typeof value === 'string') return this.#cut(value.replace(secretText, '[redacted]'));
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if (depth === mostDepth) return '[too deep]';
    try {
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return value.slice(0, mostMembers).map((member) => this.#shown(member, line, depth + 1));
      const members = value instanceof Error ? [['name', value.name], ['message', value.message], ['stack', value.stack], ...Object.entries(value)] as const : Object.entries(value);
      return Object.fromEntries(members.slice(0, mostMembers).map(([name, member]) => [name, secretName.test(name) ? '[redacted]' : this.#shown(member, line, depth + 1)]));
    } catch {
      return '[unreadable]';
    }
  }
  // #endregion shown

  #cut(text: string): string {
    const { mostCharacters } = this.#options;
    return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}[${text.length - mostCharacters} more]` : text;
  }
}

/** JSON keeps some characters that other programs take for the end of a line. */
function oneLine(record: object): string {
  return JSON.stringify(record).replace(/[\u007F-\u009F\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Where a flow stands between 0 and 1, the same everywhere: FNV-1a over its characters. */
function position(flow: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < flow.length; index += 1) hash = Math.imul(hash ^ flow.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
