import { describe, expect, test } from 'vitest';
import { RandomStream } from './random-stream.ts';
import type { Parameters } from './scenario.ts';
import { defaultSettings, readSettings, writeSettings } from './settings.ts';

const parameters: Parameters = {
  workers: { kind: 'number', label: 'Workers', unit: '', min: 0, max: 12, step: 1, default: 4 },
  share: { kind: 'number', label: 'Share', unit: '%', min: 0.5, max: 2, step: 0.1, default: 1 },
  mode: { kind: 'choice', label: 'Mode', options: { calm: 'Calm', rough: 'Rough' }, default: 'calm' },
  jitter: { kind: 'flag', label: 'Jitter', default: true },
};

function read(search: string): ReturnType<typeof readSettings> {
  return readSettings({ parameters }, new URLSearchParams(search));
}

describe('what an address asks for', () => {
  test('is taken where a reader could have chosen it', () => {
    expect(read('?workers=7&share=1.3&mode=rough&jitter=false&seed=9')).toEqual({ settings: { workers: 7, share: 1.3, mode: 'rough', jitter: false }, seed: 9, complaints: [] });
  });

  test('is refused in a sentence where no slider stands there', () => {
    for (const workers of ['1.5', '-1', '13', 'NaN', 'Infinity', '', ' ', '1e400', '0x', '७']) {
      const { settings, complaints } = read(`?workers=${workers}`);
      expect(settings, workers).toEqual(defaultSettings({ parameters }));
      expect(complaints, workers).toEqual([`The address asks for Workers “${workers}”; it lies between 0 and 12, in steps of 1. The default is used.`]);
    }
  });

  test('twice counts as it stands there last, and is told once', () => {
    expect(read('?workers=7&workers=x')).toMatchObject({ settings: { workers: 4 }, complaints: [expect.stringContaining('Workers “x”')] });
    expect(read('?workers=x&workers=7&seed=x&seed=3')).toMatchObject({ settings: { workers: 7 }, seed: 3, complaints: [] });
    expect(read(`?seed=x${'&seed=y'.repeat(2_000)}`).complaints).toHaveLength(1);
  });
});

test('whatever stands in an address is read, told in few words, and comes back the same', () => {
  const random = new RandomStream(20261128, 'addresses');
  const one = (of: readonly string[]): string => of[random.below(of.length)] ?? '';
  const values = ['1', '12', '13', '-0', '0', '1.5', '1.3', '0.7', '1e1', '0x2', '1e-9', '٣', 'true', 'false', 'rough', '__proto__', 'constructor', 'toString', '%E0%A4%A', '%00', '<img src=x onerror=alert(1)>', 'javascript:alert(1)', '\uD800', '\u202E', 'x'.repeat(5_000), '2147483647', '2147483648', '', '&&', '='];
  const names = [...Object.keys(parameters), 'seed', 'seed', '__proto__', 'constructor', 'hasOwnProperty', 'q'];
  let taken = 0;
  for (let run = 0; run < 3_000; run++) {
    const search = `?${Array.from({ length: 1 + random.below(12) }, () => `${one(names)}=${one(values)}`).join('&')}`;
    const { settings, seed, complaints } = read(search);
    expect(Object.keys(settings), search).toEqual(Object.keys(parameters));
    expect(complaints.length, search).toBeLessThanOrEqual(5);
    expect(Math.max(0, ...complaints.map(({ length }) => length)), search).toBeLessThan(250);
    const written = writeSettings({ parameters }, { settings, seed });
    expect(readSettings({ parameters }, written), search).toEqual({ settings, seed, complaints: [] });
    taken += written.length;
  }
  expect(taken).toBeGreaterThan(500);
});
