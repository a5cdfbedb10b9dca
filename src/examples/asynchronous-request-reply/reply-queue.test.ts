import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Requester } from './reply-queue.ts';
import type { Message } from './reply-queue.ts';

let clock: VirtualClock;
let sent: Message[];
let requester: Requester;
let sending: () => Promise<void>;
beforeEach(() => {
  clock = new VirtualClock();
  [sent, sending] = [[], async () => {}];
  let last = 0;
  requester = new Requester((message) => { sent.push(message); return sending(); }, { replyTo: 'replies of a', timeoutMs: 1_000, mostPending: 2, newId: () => `c${(last += 1)}`, clock });
});
const leftovers = () => [requester.pending, clock.pending];

test('replies find their requests in whatever order they come', async () => {
  const [first, second] = [requester.request('one'), requester.request('two')];
  await clock.advance(10);
  expect(sent).toEqual([{ correlationId: 'c1', replyTo: 'replies of a', body: 'one' }, { correlationId: 'c2', replyTo: 'replies of a', body: 'two' }]);
  expect([requester.receive({ correlationId: 'c2', body: 2 }), requester.receive({ correlationId: 'c1', body: 1 })]).toEqual([true, true]);
  expect([await first, await second, leftovers()]).toEqual([1, 2, [0, 0]]);
});

test('a reply that comes before sending is confirmed counts', async () => {
  sending = () => clock.sleep(500);
  const answer = requester.request('one');
  await clock.advance(100);
  requester.receive({ correlationId: 'c1', body: 1 });
  expect([await answer, clock.now(), requester.pending]).toEqual([1, 100, 0]);
});

test('without a reply the request ends at its time and leaves nothing behind; the late one is for nobody', async () => {
  const ended = expect(requester.request('one')).rejects.toMatchObject({ name: 'ReplyTimeoutError', message: 'no reply to c1 within 1000 ms' });
  await clock.advance(1_000);
  await ended;
  expect([leftovers(), requester.receive({ correlationId: 'c1', body: 1 })]).toEqual([[0, 0], false]);
});

test('a copy of a reply, and one for somebody else, are for nobody', async () => {
  const answer = requester.request('one');
  await clock.advance(0);
  expect([requester.receive({ correlationId: 'c1', body: 1 }), requester.receive({ correlationId: 'c1', body: 2 }), requester.receive({ correlationId: 'x', body: 3 })]).toEqual([true, false, false]);
  expect(await answer).toBe(1);
});

test('sending that hangs ends at the same time, sending that fails ends at once', async () => {
  sending = () => new Promise(() => {});
  const hangs = expect(requester.request('one')).rejects.toMatchObject({ name: 'ReplyTimeoutError' });
  await clock.advance(1_000);
  await hangs;
  sending = () => Promise.reject(new Error('broker is down'));
  await expect(requester.request('two')).rejects.toThrow('broker is down');
  sending = () => { throw new Error('no connection'); };
  await expect(requester.request('three')).rejects.toThrow('no connection');
  expect(leftovers()).toEqual([0, 0]);
});

test('whoever gives up leaves nothing behind, and who has given up before sends nothing', async () => {
  const stop = new AbortController();
  const ended = expect(requester.request('one', stop.signal)).rejects.toThrow('never mind');
  await clock.advance(0);
  stop.abort(new Error('never mind'));
  await ended;
  await expect(requester.request('two', stop.signal)).rejects.toThrow('never mind');
  expect([sent.length, leftovers()]).toEqual([1, [0, 0]]);
});

test('no more than so many wait at once', async () => {
  const waiting = [requester.request('one'), requester.request('two')];
  await expect(requester.request('three')).rejects.toMatchObject({ name: 'TooManyPendingError', message: '2 requests wait for a reply already' });
  for (const correlationId of ['c1', 'c2']) requester.receive({ correlationId, body: null });
  await Promise.all(waiting);
  expect(sent).toHaveLength(2);
});

test('refuses options that make no sense', () => {
  const options = { replyTo: 'r', timeoutMs: 1, mostPending: 1, newId: () => 'x' };
  for (const name of ['timeoutMs', 'mostPending']) expect(() => new Requester(async () => {}, { ...options, [name]: 0 })).toThrow(`${name} must be above 0 and finite: current value is 0`);
});
