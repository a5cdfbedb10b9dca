import { context, propagation, ROOT_CONTEXT, SeverityNumber, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Lines } from './lines.ts';
import type { LinesOptions } from './lines.ts';
import { missing, story } from './story.ts';

const { DEBUG, INFO, WARN, ERROR } = SeverityNumber;

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager()));
afterEach(() => context.disable());

describe('a line', () => {
  test('says when, where and what, and numbers itself', async () => {
    const { clock, lines } = start();
    await clock.advance(1_500);
    expect(JSON.parse(lines.line(INFO, 'order placed', { order: 4711 })!)).toEqual({
      time: '2026-11-28T12:00:01.500Z', severity: 'INFO', event: 'order placed', service: 'orders', instance: 'orders-7f', sequence: 0, attributes: { order: 4711 },
    });
    expect(read(lines.line(ERROR, 'payment failed'))).toMatchObject({ severity: 'ERROR', sequence: 1, attributes: {} });
  });

  test('holds the ids of the span and of the flow under way', () => {
    const { lines } = start();
    const tracer = new TracerProvider().getTracer('test');
    tracer.startActiveSpan('checkout', (span) => inFlow('flow-4711', () => {
      const { traceId, spanId } = span.spanContext();
      expect(read(lines.line(INFO, 'order placed'))).toMatchObject({ trace_id: traceId, span_id: spanId, correlation_id: 'flow-4711' });
    }));
    expect(Object.keys(read(lines.line(INFO, 'started')))).not.toContain('trace_id');
  });

  test('takes another context where work was handed over', () => {
    const { lines } = start();
    const kept = inFlow('flow-4711', () => context.active());
    expect(read(lines.line(INFO, 'sent in a batch', {}, kept))).toMatchObject({ correlation_id: 'flow-4711' });
  });

  test('an invalid span is no span', () => {
    const { lines } = start();
    const within = trace.setSpanContext(ROOT_CONTEXT, { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: TraceFlags.NONE });
    expect(Object.keys(read(lines.line(INFO, 'started', {}, within)))).not.toContain('trace_id');
  });

  test('is one line, whatever stands in it', () => {
    const { lines } = start();
    const ends = ['\n', '\r\n', '\u000B', '\u000C', '\u0085', '\u2028', '\u2029', '\u009B31m'];
    const line = lines.line(INFO, `order ${ends.join('')} placed`, { note: ends.join('x'), error: new Error('first\nsecond') })!;
    expect(line).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/);
    expect(read(line).attributes.note).toBe(ends.join('x'));
  });

  test('shows of an error its name, message, stack and what it carries', () => {
    const { lines } = start();
    const error = Object.assign(new TypeError('no total'), { order: 4711, password: 'secret' });
    expect(read(lines.line(ERROR, 'failed', { error })).attributes.error).toEqual({ name: 'TypeError', message: 'no total', stack: expect.stringContaining('no total'), order: 4711, password: '[redacted]' });
  });

  test('hides what is named like a secret, at any depth', () => {
    const { lines } = start();
    const attributes = { userPassword: 'a', headers: { Authorization: 'b', 'set-cookie': ['c'], 'x-api-key': 'd' }, list: [{ refresh_token: 'e' }], cardNumber: 4111, iban: 'f', order: 4711 };
    expect(read(lines.line(INFO, 'request', attributes)).attributes).toEqual({
      userPassword: '[redacted]', headers: { Authorization: '[redacted]', 'set-cookie': '[redacted]', 'x-api-key': '[redacted]' }, list: [{ refresh_token: '[redacted]' }], cardNumber: '[redacted]', iban: '[redacted]', order: 4711,
    });
  });

  test('hides bearer tokens and signed tokens inside texts', () => {
    const { lines } = start();
    const note = 'called with Bearer abc.DEF-123== and eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln twice';
    expect(read(lines.line(INFO, 'request', { note })).attributes.note).toBe('called with [redacted] and [redacted] twice');
  });

  test('cuts long texts, long lists and deep nests, and says so', () => {
    const { lines } = start({ mostCharacters: 10 });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const { attributes } = read(lines.line(INFO, 'big', { text: 'a'.repeat(12), fits: 'a'.repeat(10), list: Array.from({ length: 60 }, (_, index) => index), cycle }));
    expect(attributes).toMatchObject({ text: `${'a'.repeat(10)}[2 more]`, fits: 'a'.repeat(10) });
    expect(attributes.list).toHaveLength(50);
    expect(JSON.stringify(attributes.cycle)).toBe('{"self":{"self":{"self":{"self":{"self":"[too deep]"}}}}}');
  });

  test('ends after five hundred values, however many paths lead through a graph', () => {
    const { lines } = start();
    let graph: unknown = 'leaf';
    for (let level = 0; level < 5; level += 1) graph = Array.from({ length: 50 }, () => graph);
    const line = lines.line(INFO, 'request', { graph })!;
    expect(line.match(/leaf/g)!.length).toBeLessThan(500);
    expect(line).toContain('[too many]');
    expect(line.length).toBeLessThan(10_000);
    expect(read(lines.line(INFO, 'next', { order: 4711 })).attributes).toEqual({ order: 4711 });
  });

  test('nothing in it can throw', () => {
    const { lines } = start();
    const attributes = { big: 12n, when: new Date(0), never: new Date(NaN), nothing: null, call: () => 1, toJSON: () => { throw new Error(); }, sign: Symbol('s'), get broken(): never { throw new Error(); } };
    expect(read(lines.line(INFO, 'odd', attributes)).attributes).toBe('[unreadable]');
    const { broken: _, ...rest } = Object.getOwnPropertyDescriptors(attributes);
    expect(read(lines.line(INFO, 'odd', Object.defineProperties({}, rest) as object)).attributes).toEqual({ big: '12', when: '1970-01-01T00:00:00.000Z', never: '[unreadable]', nothing: null });
  });
});

describe('a sample', () => {
  test('keeps all routine lines of a flow or none, whoever writes them', () => {
    const { lines: orders } = start({ routineShare: 0.3 });
    const { lines: payments } = start({ routineShare: 0.3, service: 'payments' });
    const flows = Array.from({ length: 1_000 }, (_, index) => `flow-${index}`);
    const kept = flows.filter((flow) => inFlow(flow, () => orders.line(INFO, 'asked')) !== undefined);
    expect(flows.filter((flow) => inFlow(flow, () => payments.line(DEBUG, 'asked')) !== undefined)).toEqual(kept);
    expect(kept.length).toBeGreaterThan(250);
    expect(kept.length).toBeLessThan(350);
  });

  test('goes by the trace where no flow is known, else by chance', () => {
    const { lines } = start({ routineShare: 0.5, random: () => 0.6 });
    const within = (traceId: string) => trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '1'.repeat(16), traceFlags: TraceFlags.NONE });
    const kept = Array.from({ length: 40 }, (_, index) => lines.line(INFO, 'asked', {}, within(String(index).padStart(32, '7'))) !== undefined);
    expect(new Set(kept)).toEqual(new Set([true, false]));
    expect(lines.line(INFO, 'no flow')).toBeUndefined();
    expect(start({ routineShare: 0.5, random: () => 0.4 }).lines.line(INFO, 'no flow')).toBeDefined();
  });

  test('never leaves out a warning, says its share, and leaves no gap in the numbers', () => {
    const { lines } = start({ routineShare: 0 });
    const kept = [lines.line(WARN, 'slow'), lines.line(INFO, 'asked'), lines.line(ERROR, 'failed')].flatMap((line) => (line === undefined ? [] : [read(line)]));
    expect(kept.map(({ event, sequence, share }) => ({ event, sequence, share }))).toEqual([{ event: 'slow', sequence: 0, share: undefined }, { event: 'failed', sequence: 1, share: undefined }]);
    expect(read(start({ routineShare: 0.5, random: () => 0 }).lines.line(INFO, 'asked'))).toMatchObject({ share: 0.5 });
  });
});

describe('reading', () => {
  test('two instances are told by time, copies left out', () => {
    const lines = [at('a', 0, '10'), at('b', 0, '11'), at('a', 1, '12'), at('a', 0, '10'), at('b', 1, '13')];
    expect(story(lines.toReversed()).map(({ instance, sequence }) => `${instance}${sequence}`)).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  test('a clock that went backwards does not turn its own lines around', () => {
    const lines = [at('a', 0, '30'), at('a', 1, '05'), at('b', 0, '20')];
    expect(story(lines).map(({ instance, sequence }) => `${instance}${sequence}`)).toEqual(['b0', 'a0', 'a1']);
  });

  test('lost lines show as gaps, and a late line closes its gap', () => {
    const lines = [at('a', 0, '10'), at('a', 3, '13'), at('b', 5, '10'), at('b', 6, '11')];
    expect(missing(lines)).toEqual(new Map([['a', 2]]));
    expect(missing([...lines, at('a', 1, '11')])).toEqual(new Map([['a', 1]]));
    expect([missing([]), story([])]).toEqual([new Map(), []]);
  });
});

test('options that cannot be meant are refused by name', () => {
  for (const routineShare of [-0.1, 1.1, NaN]) expect(() => start({ routineShare })).toThrow(`routineShare must be a number from 0 to 1: current value is ${routineShare}`);
  for (const mostCharacters of [0, 1.5]) expect(() => start({ mostCharacters })).toThrow(`mostCharacters must be a positive integer: current value is ${mostCharacters}`);
  expect(() => start({ clockStartMs: NaN })).toThrow('clockStartMs must be a finite number: current value is NaN');
  expect(read(new Lines({ service: 's', instance: 'i' }).line(INFO, 'now')).time).toMatch(/^20\d\d-/);
});

function start(options: Partial<LinesOptions> = {}) {
  const clock = new VirtualClock();
  return { clock, lines: new Lines({ service: 'orders', instance: 'orders-7f', clock, clockStartMs: Date.UTC(2026, 10, 28, 12), ...options }) };
}

function inFlow<T>(id: string, work: () => T): T {
  return context.with(propagation.setBaggage(context.active(), propagation.createBaggage({ 'correlation.id': { value: id } })), work);
}

function read(line: string | undefined): Record<string, any> {
  return JSON.parse(line ?? 'null') as Record<string, any>;
}

function at(instance: string, sequence: number, second: string) {
  return { instance, sequence, time: `2026-11-28T12:00:${second}.000Z` };
}
