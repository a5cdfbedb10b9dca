import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { ReplyTimeoutError, RequestRefusedError, RequesterClosedError, TooManyPendingError } from './contract.ts';
import type { Delivery } from './contract.ts';
import { MemoryBroker } from './memory-broker.ts';
import { Requester } from './messaging.ts';
import type { RequesterEvent, RequesterOptions } from './messaging.ts';
import { receive } from './receiver.ts';
import type { Handle, ReceiverEvent, ReceiverOptions } from './receiver.ts';

const never = new AbortController().signal;

function setUp(options: Partial<RequesterOptions> = {}) {
  const clock = new VirtualClock();
  const broker = new MemoryBroker(clock);
  const events: RequesterEvent[] = [];
  const told: ReceiverEvent[] = [];
  let ids = 0;
  const requester = new Requester(broker, { replyTo: 'answers', newId: () => `id ${(ids += 1)}`, timeoutMs: 1_000, retryMs: 100, clock, onEvent: (event) => events.push(event), ...options });
  const stop = new AbortController();
  const listening = requester.listen(stop.signal);
  const serve = (handle: Handle<string, unknown>, more: ReceiverOptions = {}) => {
    const end = new AbortController();
    const ended = receive(broker, 'stock', handle, end.signal, { clock, leaseMs: 5_000, retryMs: 200, onEvent: (event) => told.push(event), ...more });
    return { end, ended };
  };
  /** The end of a request, without an unhandled rejection on the way. */
  const ask = (body: string, how?: Parameters<Requester['request']>[2]) => {
    const seen: { value?: unknown; error?: unknown } = {};
    void requester.request('stock', body, how).then((value) => (seen.value = value), (error: unknown) => (seen.error = error));
    return seen;
  };
  const types = () => events.map(({ type }) => type);
  return { clock, broker, requester, events, types, told, stop, listening, serve, ask };
}

describe('a message', () => {
  test('waits for a receiver that is away, in order, and the sender has gone on', async () => {
    const { clock, broker, serve } = setUp();
    for (let order = 1; order <= 3; order++) await broker.send('stock', { id: `order ${order}`, body: `kettle ${order}` });
    await clock.advance(3_600_000);
    expect(broker.backlog('stock')).toBe(3);
    const seen: string[] = [];
    serve((body) => void seen.push(body));
    await clock.advance(0);
    expect([seen, broker.backlog('stock')]).toEqual([['kettle 1', 'kettle 2', 'kettle 3'], 0]);
  });

  test('goes to one receiver of its channel, and to none of another', async () => {
    const { clock, broker, serve } = setUp();
    const seen: string[] = [];
    for (const name of ['a', 'b']) serve((body) => void seen.push(name + body));
    void receive<string, void>(broker, 'mail', (body) => void seen.push(`mail ${body}`), never, { clock });
    for (const id of ['1', '2', '3', '4']) await broker.send('stock', { id, body: id });
    await clock.advance(0);
    expect(seen.map((each) => each.slice(1)).sort()).toEqual(['1', '2', '3', '4']);
  });

  test('is acknowledged after the work: what a receiver dies of comes again, and counts', async () => {
    const { clock, broker, serve, told } = setUp();
    await broker.send('stock', { id: 'order 1', body: 'kettle' });
    await broker.receive('stock', 1_000, never);
    const counts: number[] = [];
    serve((_, { deliveries }) => void counts.push(deliveries));
    await clock.advance(1_000);
    expect([counts, broker.backlog('stock'), told]).toEqual([[2], 0, [{ type: 'done', id: 'order 1' }]]);
  });

  test('that fails comes again after a pause, and nobody is answered', async () => {
    const { clock, broker, serve, told } = setUp();
    let isUp = false;
    serve(() => { if (!isUp) throw new Error('locked'); });
    await broker.send('stock', { id: 'order 1', body: 'kettle', replyTo: 'somewhere' });
    await clock.advance(450);
    expect(told.map(({ type }) => type)).toEqual(['failed', 'failed', 'failed']);
    expect([broker.backlog('somewhere'), broker.backlog('stock')]).toEqual([0, 1]);
    isUp = true;
    await clock.advance(200);
    expect([broker.backlog('somewhere'), broker.backlog('stock')]).toEqual([1, 0]);
  });

  test('whose time is over is given to nobody', async () => {
    const { clock, broker, serve } = setUp();
    await broker.send('stock', { id: 'order 1', body: 'old', ttlMs: 1_000 });
    await broker.send('stock', { id: 'order 2', body: 'lasting' });
    await clock.advance(1_000);
    const seen: string[] = [];
    serve((body) => void seen.push(body));
    await clock.advance(0);
    expect([seen, broker.expired]).toEqual([['lasting'], 1]);
  });

  test('whose time is over while somebody works on it stays in these hands', async () => {
    const { clock, broker, serve, told } = setUp();
    serve(() => clock.sleep(1_500));
    await broker.send('stock', { id: 'order 1', body: 'kettle', ttlMs: 1_000 });
    await clock.advance(1_200);
    await broker.send('stock', { id: 'order 2', body: 'pot' });
    await clock.advance(300);
    expect([told, broker.expired]).toEqual([[{ type: 'done', id: 'order 1' }], 0]);
  });

  test('whose lease has run out is no longer in these hands', async () => {
    const { clock, broker, serve, told } = setUp();
    serve(() => clock.sleep(1_500), { leaseMs: 1_000 });
    await broker.send('stock', { id: 'order 1', body: 'kettle' });
    await clock.advance(900);
    const other = broker.receive('stock', 60_000, never);
    await clock.advance(700);
    expect(told).toEqual([{ type: 'late', id: 'order 1' }]);
    const delivery = await other;
    expect([await broker.giveBack('stock', { ...delivery, deliveries: 1 }, 0), await broker.giveBack('stock', delivery, 500), await broker.acknowledge('stock', delivery)]).toEqual([false, true, false]);
    expect(broker.backlog('stock')).toBe(1);
  });
});

describe('a request', () => {
  test('gets the answer to it, however the answers are ordered', async () => {
    const { clock, serve, ask, requester, broker } = setUp();
    for (let receiver = 0; receiver < 3; receiver++) serve(async (body) => {
      await clock.sleep(Number(body));
      return `after ${body}`;
    });
    const answers = ['300', '100', '200'].map((body) => ask(body));
    await clock.advance(300);
    expect(answers).toEqual([{ value: 'after 300' }, { value: 'after 100' }, { value: 'after 200' }]);
    expect([requester.pending, broker.backlog('answers'), clock.pending]).toEqual([0, 0, 0]);
  });

  test('can be answered before the broker has said that it is stored', async () => {
    const { clock, broker, serve, ask } = setUp();
    const send = broker.send.bind(broker);
    broker.send = async (channel, message) => {
      await send(channel, message);
      if (channel === 'stock') await clock.sleep(500);
    };
    serve(() => 'quick');
    const answer = ask('kettle');
    await clock.advance(100);
    expect(answer).toEqual({ value: 'quick' });
  });

  test('that is refused says so at once, and is not tried again', async () => {
    const { clock, serve, ask, broker, requester, told } = setUp();
    serve(() => { throw new RequestRefusedError('no such product'); });
    const answer = ask('kettle');
    await clock.advance(0);
    expect(answer).toEqual({ error: new RequestRefusedError('no such product') });
    expect([broker.backlog('stock'), requester.pending, told.map(({ type }) => type)]).toEqual([0, 0, ['refused']]);
  });

  test('that nobody answers in time ends, and leaves nothing behind', async () => {
    const { clock, ask, requester, types } = setUp();
    const answers = Array.from({ length: 100 }, (_, at) => ask(String(at)));
    await clock.advance(999);
    expect([requester.pending, answers[0]]).toEqual([100, {}]);
    await clock.advance(1);
    expect(answers[99]).toEqual({ error: new ReplyTimeoutError("no answer from 'stock' within 1000 ms") });
    expect([requester.pending, clock.pending, types().filter((type) => type === 'timed out').length]).toEqual([0, 0, 100]);
  });

  test('expires with its caller: a receiver that comes back does not work for those who have gone', async () => {
    const { clock, serve, ask, broker } = setUp();
    for (let at = 0; at < 50; at++) ask('stale');
    await clock.advance(2_000);
    const seen: string[] = [];
    serve((body) => void seen.push(body));
    const answer = ask('fresh');
    await clock.advance(0);
    expect([seen, broker.expired]).toEqual([['fresh'], 50]);
    expect(answer).toEqual({ value: undefined });
  });

  test('ignores an answer that comes late, and one that comes twice, and takes them from the channel', async () => {
    const { clock, serve, ask, types, broker } = setUp();
    serve(async (body) => {
      await clock.sleep(Number(body));
      return body;
    });
    const late = ask('1500');
    await clock.advance(1_600);
    expect(late.error).toBeInstanceOf(ReplyTimeoutError);
    expect(types()).toEqual(['asked', 'timed out', 'ignored']);
    const send = broker.send.bind(broker);
    broker.send = async (channel, message) => {
      await send(channel, message);
      if (channel === 'answers') await send(channel, { ...message });
    };
    const answer = ask('10');
    await clock.advance(6_000);
    expect(answer).toEqual({ value: '10' });
    expect(types().slice(3)).toEqual(['asked', 'answered', 'ignored']);
    expect(broker.backlog('answers')).toBe(0);
  });

  test('that is sent again has the same id, and a correlation id of its own', async () => {
    const { clock, serve, ask } = setUp();
    const seen: Delivery<string>['message'][] = [];
    serve((_, { message }) => void seen.push(message));
    ask('kettle', { id: 'order 1' });
    ask('kettle', { id: 'order 1' });
    ask('kettle');
    await clock.advance(0);
    expect(seen.slice(0, 2).map(({ id }) => id)).toEqual(['order 1', 'order 1']);
    expect(new Set(seen.map(({ correlationId }) => correlationId)).size).toBe(3);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(2);
  });

  test('can be given up, before and while it waits', async () => {
    const { clock, ask, requester, types, broker } = setUp();
    const leave = new AbortController();
    const answer = ask('kettle', { signal: leave.signal });
    await clock.advance(100);
    leave.abort(new Error('the customer left'));
    await clock.advance(0);
    expect(answer).toEqual({ error: new Error('the customer left') });
    expect([requester.pending, clock.pending, types()]).toEqual([0, 0, ['asked', 'abandoned']]);
    const before = ask('kettle', { signal: leave.signal });
    await clock.advance(0);
    expect([before, broker.backlog('stock')]).toEqual([{ error: new Error('the customer left') }, 1]);
  });

  test('leaves the signal of its caller alone when it is answered', async () => {
    const { clock, serve, ask, types } = setUp();
    serve(() => 'twelve');
    const leave = new AbortController();
    const answer = ask('kettle', { signal: leave.signal });
    await clock.advance(0);
    leave.abort();
    await clock.advance(0);
    expect([answer, types()]).toEqual([{ value: 'twelve' }, ['asked', 'answered']]);
  });

  test('that cannot be sent fails at once, and not when its time is over', async () => {
    const { clock, broker, ask, requester } = setUp();
    broker.send = () => Promise.reject(new Error('connection refused'));
    const answer = ask('kettle');
    await clock.advance(0);
    expect([answer, requester.pending, clock.pending]).toEqual([{ error: new Error('connection refused') }, 0, 0]);
  });

  test('whose client throws instead of rejecting leaves nothing behind either', async () => {
    const { clock, broker, ask, requester, types } = setUp();
    broker.send = () => { throw new Error('channel closed'); };
    const answer = ask('kettle');
    await clock.advance(0);
    expect([answer, requester.pending, clock.pending, types()]).toEqual([{ error: new Error('channel closed') }, 0, 0, ['asked', 'abandoned']]);
  });

  test('whose sending fails after its end has ended only once', async () => {
    const { clock, broker, ask, types } = setUp();
    broker.send = async () => {
      await clock.sleep(1_200);
      throw new Error('connection reset');
    };
    const answer = ask('kettle');
    await clock.advance(1_200);
    expect([answer.error, types()]).toEqual([expect.any(ReplyTimeoutError), ['asked', 'timed out']]);
  });

  test('is not sent when too many wait already', async () => {
    const { clock, ask, requester, broker } = setUp({ maxPending: 2 });
    const answers = [ask('1'), ask('2'), ask('3')];
    await clock.advance(0);
    expect(answers[2]).toEqual({ error: new TooManyPendingError('2 answers are awaited already') });
    expect([requester.pending, broker.backlog('stock')]).toEqual([2, 2]);
  });
});

describe('the requester', () => {
  test('tells whoever waits when it ends, and takes no further requests', async () => {
    const { clock, ask, stop, listening, requester, types } = setUp();
    const answers = [ask('1'), ask('2')];
    await clock.advance(10);
    stop.abort();
    await listening;
    const after = ask('3');
    await clock.advance(0);
    for (const { error } of [...answers, after]) expect(error).toBeInstanceOf(RequesterClosedError);
    expect([requester.pending, clock.pending, types()]).toEqual([0, 0, ['asked', 'asked', 'abandoned', 'abandoned']]);
    await requester.listen(AbortSignal.abort());
  });

  test('tells of an answer that it could not acknowledge although it is to end', async () => {
    const { clock, broker, stop, listening, events } = setUp();
    broker.acknowledge = async () => {
      stop.abort();
      throw new Error('connection reset');
    };
    await broker.send('answers', { id: 'stray', body: { result: 1 }, correlationId: 'of another' });
    await clock.advance(0);
    await listening;
    expect(events).toEqual([{ type: 'ignored', correlationId: 'of another' }, { type: 'error', error: new Error('connection reset') }]);
  });

  test('outlives a broker that cannot be reached, and an answer without a correlation id', async () => {
    const { clock, broker, ask, serve, types, events, stop, listening } = setUp();
    await broker.send('answers', { id: 'stray', body: { result: 1 } });
    await clock.advance(0);
    expect(events).toEqual([{ type: 'ignored', correlationId: '' }]);
    const receiveFrom = broker.receive.bind(broker);
    let isUp = false;
    broker.receive = async (...asked) => (isUp ? receiveFrom(...asked) : Promise.reject(new Error('connection refused')));
    const { end, ended } = serve(() => 'twelve');
    await broker.send('answers', { id: 'stray', body: { result: 1 }, correlationId: 'of another' });
    await clock.advance(250);
    expect(types().filter((type) => type === 'error')).toHaveLength(3);
    isUp = true;
    const answer = ask('kettle');
    await clock.advance(400);
    expect(answer).toEqual({ value: 'twelve' });
    isUp = false;
    ask('kettle');
    await broker.send('answers', { id: 'stray', body: { result: 1 } });
    await clock.advance(10);
    stop.abort();
    end.abort();
    await Promise.all([listening, ended]);
    expect(clock.pending).toBe(0);
  });
});

test('the receiver settles what it has in hand before it ends, and says nothing of an end', async () => {
  const { clock, broker, serve, told } = setUp();
  const acknowledge = broker.acknowledge.bind(broker);
  const { end, ended } = serve(() => clock.sleep(500));
  await broker.send('stock', { id: 'order 1', body: 'kettle' });
  await broker.send('stock', { id: 'order 2', body: 'kettle' });
  await clock.advance(100);
  end.abort();
  await clock.advance(400);
  await ended;
  expect([told, broker.backlog('stock')]).toEqual([[{ type: 'done', id: 'order 1' }], 1]);
  broker.acknowledge = () => Promise.reject(new Error('connection reset'));
  const last = serve(() => clock.sleep(500));
  await clock.advance(100);
  last.end.abort();
  await clock.advance(400);
  await last.ended;
  expect(told.splice(1)).toEqual([{ type: 'error', error: new Error('connection reset') }]);
  broker.acknowledge = acknowledge;
  await clock.advance(5_000);
  const idle = serve(() => {});
  await clock.advance(0);
  idle.end.abort();
  await idle.ended;
  expect(told.map(({ type }) => type)).toEqual(['done', 'done']);
  await receive(broker, 'stock', () => {}, AbortSignal.abort());
  await expect(broker.receive('stock', 1_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});

test('a receiver that cannot answer does not acknowledge: the request comes again, and its answer is not missing', async () => {
  const { clock, broker, serve, told } = setUp();
  const send = broker.send.bind(broker);
  await send('stock', { id: 'order 1', body: 'kettle', replyTo: 'somewhere' });
  let isUp = false;
  broker.send = async (...sent) => (isUp ? send(...sent) : Promise.reject(new Error('connection reset')));
  serve(() => 'twelve', { leaseMs: 1_000 });
  await clock.advance(0);
  expect([told, broker.backlog('stock')]).toEqual([[{ type: 'error', error: new Error('connection reset') }], 1]);
  isUp = true;
  await clock.advance(1_000);
  expect([broker.backlog('stock'), broker.backlog('somewhere'), told.slice(1)]).toEqual([0, 1, [{ type: 'done', id: 'order 1' }]]);
});

test('a receiver that cannot give back what failed says so, and goes on', async () => {
  const { clock, broker, serve, told } = setUp();
  const giveBack = broker.giveBack.bind(broker);
  broker.giveBack = () => Promise.reject(new Error('connection reset'));
  let attempts = 0;
  serve(() => { if ((attempts += 1) === 1) throw new Error('locked'); }, { leaseMs: 1_000 });
  await broker.send('stock', { id: 'order 1', body: 'kettle' });
  await clock.advance(0);
  expect(told.map(({ type }) => type)).toEqual(['failed', 'error']);
  broker.giveBack = giveBack;
  await clock.advance(1_000);
  expect([attempts, broker.backlog('stock')]).toEqual([2, 0]);
});

test('options that make no sense are refused, and nobody has to be told anything', async () => {
  const broker = new MemoryBroker(new VirtualClock());
  const make = (options: Partial<RequesterOptions>): Requester => new Requester(broker, { replyTo: 'answers', newId: () => 'id', ...options });
  for (const name of ['timeoutMs', 'retryMs'] as const) for (const value of [0, Number.NaN, 2 ** 31]) expect(() => make({ [name]: value })).toThrow(new RangeError(`${name} must be above 0 and below 2147483648: current value is ${value}`));
  for (const maxPending of [0, 1.5]) expect(() => make({ maxPending })).toThrow(new RangeError(`maxPending must be a positive integer: current value is ${maxPending}`));
  for (const name of ['leaseMs', 'retryMs'] as const) await expect(receive(broker, 'stock', () => {}, never, { [name]: 0 })).rejects.toEqual(new RangeError(`${name} must be above 0 and below 2147483648: current value is 0`));
  const [requester, stop] = [make({ timeoutMs: 2_000, retryMs: 10 }), new AbortController()];
  const receiveFrom = broker.receive.bind(broker);
  let failures = 2;
  broker.receive = async (...asked) => ((failures -= 1) >= 0 ? Promise.reject(new Error('down')) : receiveFrom(...asked));
  const listening = requester.listen(stop.signal);
  const end = new AbortController();
  let attempts = 0;
  const serving = receive<string, string>(broker, 'stock', (body) => {
    attempts += 1;
    if (attempts === 1) throw new Error('once');
    return body;
  }, end.signal, { retryMs: 10 });
  await broker.send('answers', { id: 'stray', body: {} });
  await broker.send('stock', { id: 'gone', body: 'given back to a clock that stands' });
  expect(await requester.request('stock', 'kettle')).toBe('kettle');
  stop.abort();
  end.abort();
  await Promise.all([listening, serving]);
});
