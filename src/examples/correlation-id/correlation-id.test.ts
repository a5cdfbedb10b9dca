import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Batcher } from './batcher.ts';
import type { BatcherOptions, Member } from './batcher.ts';
import { accepted, Correlation, flowIdOf, logFields } from './correlation-id.ts';
import type { CorrelationEvent, CorrelationOptions } from './correlation-id.ts';

const flow = 'order-4711-a8';

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }));
});

afterEach(() => {
  context.disable();
  propagation.disable();
});

describe('what may be an id', () => {
  test('letters, digits, dash and underscore from 8 to 64 characters are taken as they are', () => {
    for (const id of ['4bf92f3577b34da6a3ce929d0e0e4736', '7da7a728-f910-11e6-942a-68f728c1ba70', 'a_b-C123', 'a'.repeat(64)]) expect(accepted(id)).toBe(id);
  });

  test('too short, too long and every other character are refused', () => {
    for (const id of ['', 'seven-7', 'a'.repeat(65), 'two words', 'line\nfeed', 'line\r\nfeed', 'trailing1\n', '-leading1', 'quote"quote', 'a,b,c,d,e', '${jndi:x}', 'naïve-name', '\u001B[31mred-id']) expect(accepted(id)).toBeUndefined();
  });
});

describe('at the edge', () => {
  test('the id of a stranger is not continued, whatever it looks like', () => {
    const { correlation, events } = start({ trustCallers: false });
    const flowId = correlation.receive({ baggage: `correlation.id=${flow}` }, () => flowIdOf());
    expect(flowId).toMatch(/^[0-9a-f]{32}$/);
    expect(events).toEqual([{ type: 'begun', flowId }]);
  });

  test('nothing else of the stranger goes further', () => {
    const { correlation } = start({ trustCallers: false, alsoCarry: ['tenant'] });
    const headers = correlation.receive({ baggage: 'tenant=admin,user.email=a%40b.example' }, () => correlation.headers());
    expect(headers['baggage']).toMatch(/^correlation\.id=[0-9a-f]{32}$/);
  });
});

describe('from service to service', () => {
  test('a known id is continued, in the headers of calls and in log lines', () => {
    const { correlation, events } = start();
    const seen = correlation.receive({ Baggage: `correlation.id=${flow}` }, () => ({ headers: correlation.headers(), fields: logFields() }));
    expect(seen).toEqual({ headers: { baggage: `correlation.id=${flow}` }, fields: { correlation_id: flow } });
    expect(events).toEqual([{ type: 'continued', flowId: flow }]);
  });

  test('without one a flow begins', () => {
    const { correlation, events } = start({ random: () => 0.5 });
    expect(correlation.receive({}, () => flowIdOf())).toBe('80'.repeat(16));
    expect(events).toEqual([{ type: 'begun', flowId: '80'.repeat(16) }]);
  });

  test('a line break that hides in the encoding is refused, and what came is not repeated', () => {
    const { correlation, events } = start();
    const flowId = correlation.receive({ baggage: 'correlation.id=order-4711%0A2026-11-28%20admin%20logged%20in' }, () => flowIdOf());
    expect(flowId).toMatch(/^[0-9a-f]{32}$/);
    expect(events).toEqual([{ type: 'refused', length: 37 }, { type: 'begun', flowId }]);
  });

  test('only what is listed travels on: from the caller and from our own code', () => {
    const { correlation } = start({ alsoCarry: ['tenant'] });
    const headers = correlation.receive({ baggage: `correlation.id=${flow},tenant=t7,user.email=a%40b.example` }, () => {
      const careless = propagation.getActiveBaggage()!.setEntry('card', { value: '4111' });
      return context.with(propagation.setBaggage(context.active(), careless), () => correlation.headers());
    });
    expect(headers).toEqual({ baggage: `correlation.id=${flow},tenant=t7` });
  });

  test('what a caller sent beside the id is not even there for a client that sends all baggage by itself', () => {
    const { correlation } = start();
    const keys = correlation.receive({ baggage: `correlation.id=${flow},user.email=a%40b.example` }, () => propagation.getActiveBaggage()!.getAllEntries().map(([key]) => key));
    expect(keys).toEqual(['correlation.id']);
  });

  test('a nightly run takes nothing over from the work that started it', () => {
    const { correlation, events } = start();
    const { flowId, fields, span } = new TracerProvider().getTracer('test').startActiveSpan('page of the operator', () =>
      correlation.begin((flowId) => ({ flowId, fields: logFields(), span: trace.getActiveSpan() })));
    expect(fields).toEqual({ correlation_id: flowId });
    expect(span).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: 'begun', flowId });
  });

  test('the id survives awaits and timers', async () => {
    const { correlation } = start();
    const later = correlation.receive({ baggage: `correlation.id=${flow}` }, async () => {
      await Promise.resolve();
      await systemClock.sleep(1);
      return flowIdOf();
    });
    expect(flowIdOf()).toBeUndefined();
    expect(await later).toBe(flow);
  });

  test('two requests at the same time keep theirs', async () => {
    const { correlation } = start();
    const request = (id: string, ms: number): Promise<string | undefined> => correlation.receive({ baggage: `correlation.id=${id}` }, async () => {
      await systemClock.sleep(ms);
      return flowIdOf();
    });
    expect(await Promise.all([request('first-id', 3), request('second-id', 1)])).toEqual(['first-id', 'second-id']);
  });

  test('what the receiving loop works in does not leak into a message that brings no id', () => {
    const { correlation } = start();
    const inner = correlation.receive({ baggage: `correlation.id=${flow}` }, () => correlation.receive({}, () => flowIdOf()));
    expect(inner).not.toBe(flow);
  });

  test('the span under way stays the parent', () => {
    const tracer = new TracerProvider().getTracer('test');
    const { correlation } = start();
    const server = tracer.startSpan('server', {}, ROOT_CONTEXT);
    const stranger = `00-${'4'.repeat(32)}-${'5'.repeat(16)}-01`;
    context.with(trace.setSpan(ROOT_CONTEXT, server), () => correlation.receive({ traceparent: stranger, baggage: `correlation.id=${flow}` }, () => {
      expect(trace.getActiveSpan()).toBe(server);
      expect(correlation.headers()['traceparent']).toContain(server.spanContext().traceId);
    }));
  });

  test('where nobody switched on the context, work is done and the loss is told', () => {
    context.disable();
    const { correlation, events } = start();
    expect(correlation.receive({ baggage: `correlation.id=${flow}` }, () => 'done')).toBe('done');
    expect(events).toEqual([{ type: 'continued', flowId: flow }, { type: 'not-carried', flowId: flow }]);
    expect(correlation.headers()).toEqual({});
  });

  test('the defaults draw ids that differ, and need no one who listens', () => {
    const correlation = new Correlation({ trustCallers: true });
    expect(correlation.receive({}, () => flowIdOf())).not.toBe(correlation.receive({}, () => flowIdOf()));
  });
});

describe('over a queue', () => {
  test('the flow stays, each message has an id of its own and names its cause', () => {
    const { correlation } = start();
    const placed = correlation.receive({ baggage: `correlation.id=${flow}` }, () => correlation.message('order placed'));
    const { paid, fields } = correlation.handle(placed, (body) => ({ paid: correlation.message(`${body}, paid`), fields: logFields() }));
    const flows = [placed, paid].map((message) => correlation.handle(message, () => flowIdOf()));
    expect(flows).toEqual([flow, flow]);
    expect(fields).toEqual({ correlation_id: flow, message_id: placed.id });
    expect(placed.causationId).toBeUndefined();
    expect(paid).toMatchObject({ causationId: placed.id, body: 'order placed, paid' });
    expect(paid.id).not.toBe(placed.id);
  });

  test('a copy that is delivered again has the same ids', () => {
    const { correlation } = start();
    const message = correlation.message('order placed');
    const lines = [1, 2].map(() => correlation.handle(structuredClone(message), () => logFields()['message_id']));
    expect(lines).toEqual([message.id, message.id]);
  });

  test('a request inside the handling of a message is no longer that message', () => {
    const { correlation } = start();
    const fields = correlation.handle(correlation.message(''), () => correlation.receive(correlation.headers(), () => logFields()));
    expect(Object.keys(fields)).toEqual(['correlation_id']);
  });

  test('one flow goes through two traces when the callback comes later', () => {
    const tracer = new TracerProvider().getTracer('test');
    const { correlation } = start();
    const step = (name: string): string => tracer.startActiveSpan(name, { root: true }, (span) => correlation.receive({ baggage: `correlation.id=${flow}` }, () => {
      expect(flowIdOf()).toBe(flow);
      return span.spanContext().traceId;
    }));
    expect(step('checkout')).not.toBe(step('webhook of the payment provider'));
  });
});

describe('through a batch', () => {
  test('each item keeps the flow of whoever added it, and the batch has one of its own', async () => {
    const { clock, correlation, events, inFlow, batches, batcher } = startBatcher();
    inFlow('first-id', 'a');
    inFlow('second-id', 'b');
    inFlow('second-id', 'c');
    await clock.advance(100);
    expect(batches).toEqual([{ flowId: expect.stringMatching(/^[0-9a-f]{32}$/), members: [['a', 'first-id'], ['b', 'second-id'], ['c', 'second-id']] }]);
    expect(events.at(-1)).toEqual({ type: 'batch', flowId: batches[0]!.flowId, members: ['first-id', 'second-id'] });
    await batcher.flush();
    expect(batches).toHaveLength(1);
    expect(correlation.headers()).toEqual({});
  });

  test('on a real timer the first does not lend its flow to the others', async () => {
    const { inFlow, batches } = startBatcher({ clock: systemClock, mostWaitMs: 1 });
    inFlow('first-id', 'a');
    inFlow('second-id', 'b');
    await systemClock.sleep(20);
    expect(batches[0]!.flowId).not.toBe('first-id');
    expect(batches[0]!.members).toEqual([['a', 'first-id'], ['b', 'second-id']]);
  });

  test('a full batch goes at once, and its timer is gone', async () => {
    const { clock, inFlow, batches } = startBatcher({ mostItems: 2 });
    inFlow('first-id', 'a');
    inFlow('second-id', 'b');
    await clock.advance(0);
    expect(batches).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('the next batch has a timer of its own', async () => {
    const { clock, inFlow, batches } = startBatcher();
    inFlow('first-id', 'a');
    await clock.advance(100);
    inFlow('second-id', 'b');
    await clock.advance(100);
    expect(batches.map(({ members }) => members)).toEqual([[['a', 'first-id']], [['b', 'second-id']]]);
  });

  test('an item without a flow has a place in the batch and none among the ids', async () => {
    const { clock, batcher, batches, events } = startBatcher();
    batcher.add('a');
    await clock.advance(100);
    expect(batches[0]!.members).toEqual([['a', undefined]]);
    expect(events.at(-1)).toMatchObject({ type: 'batch', members: [] });
  });

  test('a batch that fails is told and hurts nobody', async () => {
    const error = new Error('mail server down');
    const { clock, batcher, inFlow, events } = startBatcher({ send: () => Promise.reject(error) });
    inFlow('first-id', 'a');
    await clock.advance(100);
    expect(events.at(-1)).toEqual({ type: 'batch-failed', flowId: expect.any(String), error });
    inFlow('first-id', 'b');
    await batcher.flush();
    expect(events.filter(({ type }) => type === 'batch-failed')).toHaveLength(2);
  });

  test('at the end of the process a flush waits for what is on its way as well', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const answers = [promise, Promise.resolve()];
    const { clock, batcher, inFlow } = startBatcher({ send: () => answers.shift() });
    inFlow('first-id', 'a');
    await clock.advance(100);
    inFlow('second-id', 'b');
    let ended = false;
    const flushed = batcher.flush().then(() => { ended = true; });
    await clock.advance(0);
    expect(answers).toEqual([]);
    expect(ended).toBe(false);
    resolve();
    await flushed;
  });

  test('options that cannot be meant are refused by name', () => {
    for (const mostItems of [0, -1, 1.5, NaN]) expect(() => startBatcher({ mostItems })).toThrow(`mostItems must be a positive integer: current value is ${mostItems}`);
    for (const mostWaitMs of [-1, NaN, Infinity]) expect(() => startBatcher({ mostWaitMs })).toThrow(`mostWaitMs must be a number from 0: current value is ${mostWaitMs}`);
    expect(() => new Batcher({ correlation: new Correlation({ trustCallers: true }), mostItems: 1, mostWaitMs: 0, send: () => {} })).not.toThrow();
  });
});

function start(options: Partial<CorrelationOptions> = {}) {
  const events: CorrelationEvent[] = [];
  const correlation = new Correlation({ trustCallers: true, onEvent: (event) => events.push(event), ...options });
  return { correlation, events };
}

function startBatcher(options: Partial<BatcherOptions<string>> = {}) {
  const clock = new VirtualClock();
  const { correlation, events } = start();
  const batches: { flowId: string | undefined; members: [string, string | undefined][] }[] = [];
  const send = (members: readonly Member<string>[]): void => {
    batches.push({ flowId: flowIdOf(), members: members.map(({ item, within }) => [item, within(() => flowIdOf())]) });
  };
  const batcher = new Batcher<string>({ correlation, mostItems: 10, mostWaitMs: 100, send, clock, ...options });
  const inFlow = (id: string, item: string): void => correlation.receive({ baggage: `correlation.id=${id}` }, () => batcher.add(item));
  return { clock, correlation, events, batches, batcher, inFlow };
}
