// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { boxAround, mapBox, parseTransform, sizedBox, union } from './boxes.ts';

describe('boxes', () => {
  test('a union holds both boxes, and a missing box adds nothing', () => {
    expect(union(sizedBox(0, 0, 2, 2), sizedBox(5, -1, 1, 1))).toEqual({ x0: 0, y0: -1, x1: 6, y1: 2 });
    expect(union(undefined, sizedBox(1, 1, 1, 1))).toEqual({ x0: 1, y0: 1, x1: 2, y1: 2 });
    expect(boxAround([])).toBeUndefined();
  });

  test('transforms apply from right to left', () => {
    expect(mapBox(sizedBox(0, 0, 1, 1), parseTransform('translate(10, 20) scale(2)'))).toEqual({ x0: 10, y0: 20, x1: 12, y1: 22 });
  });

  test('a rotation about a point keeps that point', () => {
    const turned = mapBox(sizedBox(4, 4, 2, 2), parseTransform('rotate(90, 5, 5)'));
    expect(turned?.x0).toBeCloseTo(4);
    expect(turned?.y1).toBeCloseTo(6);
  });

  test('an unknown transform changes nothing', () => {
    expect(mapBox(sizedBox(1, 2, 3, 4), parseTransform('perspective(3)'))).toEqual({ x0: 1, y0: 2, x1: 4, y1: 6 });
  });
});
