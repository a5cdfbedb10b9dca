import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { FlowClosedError, NoCreditError, OverrunError, Receiver, Sender } from './backpressure.ts';
import type { FlowEvent, ReceiverOptions, SenderOptions } from './backpressure.ts';

/** A sender and a receiver in one process; credit and items take no time. */
function flow(options: Partial<ReceiverOptions & SenderOptions<number>> = {}) {
  const clock = new VirtualClock();
  const events: FlowEvent[] = [];
  const sender: Sender<number> = new Sender({ name: 'prices', clock, onEvent: (event) => events.push(event), deliver: (item) => receiver.deliver(item), ...options });
  const receiver = new Receiver<number>({ name: 'prices', window: 4, grant: (items) => sender.grant(items), cancel: () => sender.close(), ...options });
  return { sender, receiver, clock, events };
}

/** Works on each item for `workMs` and writes down what is done. */
function work({ receiver, clock }: Pick<ReturnType<typeof flow>, 'receiver' | 'clock'>, workMs: number, signal?: AbortSignal) {
  const done: number[] = [];
  const ended = (async () => {
    for await (const item of receiver.items(signal)) {
      await clock.sleep(workMs);
      done.push(item);
    }
  })();
  ended.catch(() => {});
  return { done, ended };
}

async function sendAll(sender: Sender<number>, items: number): Promise<void> {
  for (let item = 1; item <= items; item++) await sender.send(item);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('a fast sender and a slow receiver', () => {
  test('the buffer never holds more than the window, and everything arrives in order', async () => {
    const parts = flow();
    const { done } = work(parts, 10);
    const sent = sendAll(parts.sender, 100);
    let most = 0;
    for (let step = 0; step < 200; step++) {
      await parts.clock.advance(5);
      most = Math.max(most, parts.receiver.buffered);
    }
    await sent;
    await parts.clock.advance(1_000);
    expect(done).toEqual(upTo(100));
    expect(most).toBe(3); // and one in work
  });

  test('sends nothing before the receiver asks', async () => {
    const { sender, receiver, clock, events } = flow();
    const sent = sender.send(1);
    await clock.advance(700);
    expect([receiver.buffered, events]).toEqual([0, []]);
    const first = receiver.items().next();
    await sent;
    expect(await first).toEqual({ done: false, value: 1 });
  });

  test('the sender waits for finished work, not for an item that was only taken', async () => {
    const parts = flow({ window: 1 });
    const { done } = work(parts, 50);
    await parts.clock.advance(0);
    await parts.sender.send(1);
    let second = false;
    void parts.sender.send(2).then(() => { second = true; });
    await parts.clock.advance(49);
    expect([second, parts.receiver.buffered]).toEqual([false, 0]);
    await parts.clock.advance(1);
    expect([second, done]).toEqual([true, [1]]);
  });

  test('credit comes back in batches: half a window, or as many as asked', async () => {
    for (const [batch, grants] of [[undefined, [5, 3, 3, 3]], [5, [5, 5, 5]], [1, [5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]] as const) {
      const parts = flow({ window: 5, ...(batch !== undefined && { batch }) });
      const { done } = work(parts, 1);
      void sendAll(parts.sender, 10);
      await parts.clock.advance(100);
      expect(done).toEqual(upTo(10));
      expect(parts.events.flatMap((event) => event.type === 'granted' ? [event.items] : [])).toEqual(grants);
    }
  });
});

describe('a sender without credit', () => {
  test('those who wait go first, in order', async () => {
    const items: number[] = [];
    const sender = new Sender<number>({ name: 'prices', deliver: (item) => items.push(item), mostWaiting: 3 });
    const sends = [sender.send(1), sender.send(2), sender.send(3)];
    expect(sender.offer(9)).toBe(false);
    sender.grant(2);
    expect(items).toEqual([1, 2]);
    expect(sender.offer(9)).toBe(false);
    sender.grant(2);
    expect(sender.offer(4)).toBe(true);
    await Promise.all(sends);
    expect(items).toEqual([1, 2, 3, 4]);
  });

  test('nobody is overtaken by a listener that hears of the credit', async () => {
    const items: number[] = [];
    const offered: boolean[] = [];
    const sender: Sender<number> = new Sender({
      name: 'prices',
      deliver: (item) => items.push(item),
      onEvent: ({ type }) => { if (type === 'granted') offered.push(sender.offer(9)); },
    });
    const sent = sender.send(1);
    sender.grant(1);
    await sent;
    sender.grant(1);
    expect([items, offered]).toEqual([[1, 9], [false, true]]);
  });

  test('who waits is bounded too', async () => {
    const { sender, events } = flow();
    void sender.send(1).catch(() => {});
    await expect(sender.send(2)).rejects.toEqual(new NoCreditError('prices', 1));
    expect(events.map(({ type }) => type)).toEqual(['refused']);
  });

  test('offer says no and keeps nothing', async () => {
    const items: number[] = [];
    const events: FlowEvent[] = [];
    const sender = new Sender<number>({ name: 'prices', deliver: (item) => items.push(item), onEvent: (event) => events.push(event) });
    sender.grant(1);
    expect([sender.offer(1), sender.offer(2)]).toEqual([true, false]);
    sender.grant(1);
    expect(items).toEqual([1]);
    expect(events.map(({ type, credit }) => [type, credit])).toEqual([['granted', 1], ['sent', 0], ['refused', 0], ['granted', 1]]);
  });

  test('who gives up leaves at once, and its item is not sent', async () => {
    const { sender, clock, events } = flow({ deliver: () => expect.fail('sent') });
    const given = new AbortController();
    const sent = sender.send(1, given.signal);
    await clock.advance(30);
    given.abort(new Error('too late'));
    await expect(sent).rejects.toThrow('too late');
    sender.grant(1);
    expect(events.slice(0, 1)).toEqual([{ flow: 'prices', atMs: 30, credit: 0, waiting: 0, type: 'left', waitedMs: 30 }]);
    await expect(sender.send(2, given.signal)).rejects.toThrow('too late');
    expect(clock.pending).toBe(0);
  });

  test('an abort after it was sent changes nothing', async () => {
    const { sender, clock, events } = flow({ deliver: () => {} });
    const given = new AbortController();
    const sent = sender.send(1, given.signal);
    await clock.advance(30);
    sender.grant(1);
    await sent;
    given.abort();
    expect(events.map((event) => [event.type, 'waitedMs' in event ? event.waitedMs : undefined])).toEqual([['granted', undefined], ['sent', 30]]);
  });
});

describe('the end', () => {
  test('has the system clock', async () => {
    const sender = new Sender<number>({ name: 'prices', deliver: () => {} });
    const sent = sender.send(1);
    sender.close();
    await expect(sent).rejects.toEqual(new FlowClosedError('prices'));
  });

  test('the receiver that fails lets go of who waits', async () => {
    const { sender, receiver, clock } = flow({ window: 1 });
    const failed = (async () => {
      for await (const _ of receiver.items()) {
        await clock.sleep(10);
        throw new Error('disk full');
      }
    })();
    failed.catch(() => {});
    await clock.advance(0);
    await sender.send(1);
    const sent = sender.send(2);
    sent.catch(() => {});
    await clock.advance(10);
    await expect(failed).rejects.toThrow('disk full');
    await expect(sent).rejects.toEqual(new FlowClosedError('prices'));
    expect(() => sender.offer(3)).toThrow(FlowClosedError);
  });

  test('what is in the buffer when the sender ends is handed out', async () => {
    const parts = flow();
    const { done, ended } = work(parts, 10);
    await parts.clock.advance(0);
    await sendAll(parts.sender, 4);
    parts.receiver.end();
    await parts.clock.advance(40);
    await ended;
    expect(done).toEqual(upTo(4));
  });

  test('an end or an abort wakes a receiver that waits', async () => {
    const parts = flow();
    const { ended } = work(parts, 10);
    await parts.clock.advance(5);
    parts.receiver.end();
    await ended;
    const others = flow();
    const stop = new AbortController();
    const { ended: stopped } = work(others, 10, stop.signal);
    await others.clock.advance(5);
    stop.abort(new Error('shutting down'));
    await expect(stopped).rejects.toThrow('shutting down');
    await expect(others.sender.send(1)).rejects.toBeInstanceOf(FlowClosedError);
  });

  test('leaves no listener at a signal that lives longer', async () => {
    const { signal } = new AbortController();
    const heard = { added: 0, removed: 0 };
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => { heard.added += 1; add(...given); };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => { heard.removed += 1; remove(...given); };
    const parts = flow();
    const { ended } = work(parts, 10, signal);
    await parts.clock.advance(5);
    parts.receiver.end();
    await ended;
    expect(heard).toEqual({ added: 1, removed: 1 });
  });
});

test('a sender that breaks the protocol is found out', async () => {
  const { receiver, clock } = flow({ window: 2, grant: () => {}, cancel: () => {} });
  expect(() => receiver.deliver(1)).toThrow(OverrunError);
  void receiver.items().next();
  await clock.advance(0);
  receiver.deliver(1);
  receiver.deliver(2);
  expect(() => receiver.deliver(3)).toThrow("flow 'prices' was overrun: more came than its window of 2 allows");
});

test('refuses options that make no sense', () => {
  const { sender } = flow();
  for (const value of [0, -1, 1.5, Number.NaN, Infinity]) {
    expect(() => flow({ window: value })).toThrow(`window must be an integer from 1 to ${Number.MAX_SAFE_INTEGER}: current value is ${value}`);
    expect(() => flow({ mostWaiting: value })).toThrow('mostWaiting must be');
    expect(() => sender.grant(value)).toThrow('items must be');
  }
  expect(() => flow({ window: 4, batch: 5 })).toThrow('batch must be an integer from 1 to 4: current value is 5');
});
