// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { FontMetrics, servedWeight } from './font-metrics.ts';

describe('font metrics', () => {
  const metrics = new FontMetrics();

  test('agrees with Chromium to the last 1/64 px', () => {
    // Widths of spans in Chromium 156 with the same font files, kerning and ligatures included.
    expect(metrics.width('Payment service', 14)).toBe(103.640625);
    expect(metrics.width('AVATAR To fill office waffle', 14)).toBe(166.640625);
    expect(metrics.width('CircuitBreaker', 14, 600)).toBe(93.96875);
    expect(metrics.ascent(14) + metrics.descent(14)).toBe(18);
  });

  test('is a multiple of 1/64 px', () => {
    expect((metrics.width('Payment service', 14) * 64) % 1).toBe(0);
  });

  test('semibold is wider than regular', () => {
    expect(metrics.width('CircuitBreaker', 14, 700)).toBeGreaterThan(metrics.width('CircuitBreaker', 14));
  });

  test('maps every weight to one that the site serves', () => {
    expect([300, 400, 500, 600, 700, 900].map(servedWeight)).toEqual([400, 400, 400, 600, 600, 600]);
  });

  test('gives room to characters that only the fonts of the reader have', () => {
    expect(metrics.width('漢字', 14)).toBe(28);
    expect(metrics.width('\u200b', 14)).toBe(0);
    expect(metrics.width('', 14)).toBe(0);
  });
});
