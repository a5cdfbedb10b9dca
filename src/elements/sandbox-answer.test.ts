import { describe, expect, test } from 'vitest';
import { mostLetters, mostLines, readAnswer } from './sandbox-answer.ts';

function recording(change: object = {}): object {
  return { frameMs: 500, frames: { offered: [1, 2] }, samples: {}, totals: { offered: 3 }, lanes: { breaker: [{ fromMs: 0, untilMs: 1000, state: 'open' }] }, ...change };
}

describe('what comes out of the sandbox', () => {
  test('is copied when it is plain data', () => {
    const outcome = { without: recording(), with: recording() };
    const read = readAnswer({ outcome, printed: ['a'] });
    expect(read).toEqual({ outcome, printed: ['a'] });
    expect('outcome' in read && read.outcome).not.toBe(outcome);
  });

  test('a problem has its words and its place', () => {
    const problem = { message: 'no', place: { file: 'src/examples/x/x.ts', line: 3, column: 0 } };
    expect(readAnswer({ problem, printed: [] })).toEqual({ problem: { message: 'no', place: { ...problem.place, column: 1 } }, printed: [] });
    expect(readAnswer({ problem: { message: 'no' }, printed: [] })).toEqual({ problem: { message: 'no' }, printed: [] });
  });

  test('more of it than any example gives is left out', () => {
    const { printed } = readAnswer({ problem: { message: 'x'.repeat(10_000) }, printed: Array.from({ length: 5000 }, () => 'y'.repeat(10_000)) });
    expect(printed).toHaveLength(mostLines);
    expect(printed[0]).toHaveLength(mostLetters);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'outcome'],
    ['no outcome', { printed: [] }],
    ['no list of lines', { outcome: {} }],
    ['an outcome that is a list', { outcome: [recording()], printed: [] }],
    ['a number that is none', { outcome: { with: recording({ totals: { offered: Number.NaN } }) }, printed: [] }],
    ['text for a number', { outcome: { with: recording({ frames: { offered: ['<img>'] } }) }, printed: [] }],
    ['a state that is no text', { outcome: { with: recording({ lanes: { breaker: [{ fromMs: 0, untilMs: 1, state: {} }] } }) }, printed: [] }],
    ['frames without end', { outcome: { with: recording({ frames: { offered: new Array(20_000).fill(1) } }) }, printed: [] }],
    ['series without end', { outcome: { with: recording({ totals: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [at, 1])) }) }, printed: [] }],
    ['a problem without words', { problem: {}, printed: [] }],
    ['a place without a line', { problem: { message: 'no', place: { file: 'x', line: '1', column: 1 } }, printed: [] }],
  ])('%s is refused', (_, data) => {
    expect(() => readAnswer(data)).toThrow(TypeError);
  });

  test('a name of every object stays a name', () => {
    const totals = JSON.parse('{"__proto__": 1}') as object;
    const read = readAnswer({ outcome: { with: recording({ totals }) }, printed: [] });
    expect('outcome' in read && Object.keys(read.outcome['with']?.totals ?? {})).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});
