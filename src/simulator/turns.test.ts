import { describe, expect, test, vi } from 'vitest';
import { inTurns } from './turns.ts';

async function hops(count: number): Promise<void> {
  for (let hop = 0; hop < count; hop++) await undefined;
}

/** An engine that runs all microtasks between two listeners of one message, as browsers do and Node does not. */
class BrowserChannel {
  readonly #listeners: ((event: { stopImmediatePropagation: () => void }) => void)[] = [];
  static messages = 0;
  #isOpen = true;

  readonly port1 = {
    addEventListener: (_: string, listener: (event: { stopImmediatePropagation: () => void }) => void) => this.#listeners.push(listener),
    start: () => {},
    close: () => { this.#isOpen = false; },
  };

  #last = Promise.resolve();
  readonly port2 = { postMessage: () => { this.#last = this.#last.then(() => this.#dispatch()); } };

  async #dispatch(): Promise<void> {
    await macrotask();
    if (!this.#isOpen) return;
    BrowserChannel.messages++;
    let isStopped = false;
    for (const listener of [...this.#listeners]) {
      if (isStopped) return;
      listener({ stopImmediatePropagation: () => { isStopped = true; } });
      await macrotask();
    }
  }
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe.each([['this engine', globalThis.MessageChannel], ['a browser', BrowserChannel]])('in %s', (_, channel) => {
  test('every microtask has run before the next turn, however long the chain', async () => {
    vi.stubGlobal('MessageChannel', channel);
    let begun = 0;
    let ended = 0;
    await inTurns(() => {
      expect(ended).toBe(begun);
      if (begun === 300) return false;
      void hops(begun * 7).then(() => ended++);
      begun++;
      return true;
    });
    expect(ended).toBe(300);
    vi.unstubAllGlobals();
  });

  test('an error ends it', async () => {
    vi.stubGlobal('MessageChannel', channel);
    let turns = 0;
    await expect(inTurns(() => {
      if (++turns === 5) throw new RangeError('enough');
      return true;
    })).rejects.toThrow(new RangeError('enough'));
    await hops(100);
    await macrotask();
    expect(turns).toBe(5);
    vi.unstubAllGlobals();
  });
});

test('where listeners are turns, 1000 turns cost few messages', async () => {
  vi.stubGlobal('MessageChannel', BrowserChannel);
  BrowserChannel.messages = 0;
  let turns = 0;
  await inTurns(() => ++turns < 1000);
  vi.unstubAllGlobals();
  expect(turns).toBe(1000);
  expect(BrowserChannel.messages).toBeLessThan(30);
});

test('turns of different callers do not disturb each other', async () => {
  const seen: string[] = [];
  const run = (name: string): Promise<void> => {
    let turns = 0;
    return inTurns(() => seen.push(name) > 0 && ++turns < 50);
  };
  await Promise.all([run('a'), run('b')]);
  expect(seen.filter((name) => name === 'a')).toHaveLength(50);
  expect(seen.filter((name) => name === 'b')).toHaveLength(50);
});
