// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { flattenPath, pathBox, pathLength, pointAlong } from './path-geometry.ts';

describe('path geometry', () => {
  test('measures absolute and relative lines alike', () => {
    expect(pathLength(flattenPath('M0 0H10V10'))).toBe(20);
    expect(pathLength(flattenPath('m0 0h10v10'))).toBe(20);
  });

  test('pairs after a move are lines', () => {
    expect(pathLength(flattenPath('M0,0 3,4 3,14'))).toBe(15);
  });

  test('a closed path counts its last side', () => {
    expect(pathLength(flattenPath('M0 0L3 0L3 4Z'))).toBe(12);
  });

  test('a half circle of radius 5 is as long as half its circumference', () => {
    const arc = flattenPath('M0 0A5 5 0 0 1 10 0');
    expect(pathLength(arc)).toBeCloseTo(Math.PI * 5, 1);
    expect(pathBox(arc)?.y0).toBeCloseTo(-5, 1);
  });

  test('an arc too small for its ends grows until it reaches', () => {
    expect(pathBox(flattenPath('M0 0A1 1 0 0 1 10 0'))?.x1).toBeCloseTo(10);
  });

  test('smooth curves mirror the control point before them', () => {
    const smooth = flattenPath('M0 0C0 10 10 10 10 0S20 -10 20 0');
    const spelled = flattenPath('M0 0C0 10 10 10 10 0C10 -10 20 -10 20 0');
    expect(pathLength(smooth)).toBeCloseTo(pathLength(spelled));
  });

  test('quadratic curves end where they say', () => {
    expect(pointAlong(flattenPath('M0 0Q5 10 10 0T20 0'), 1e6)).toEqual({ x: 20, y: 0 });
  });

  test('walks along corners', () => {
    expect(pointAlong(flattenPath('M0 0H10V10'), 15)).toEqual({ x: 10, y: 5 });
  });

  test('a broken path yields what came before the break', () => {
    expect(pathLength(flattenPath('M0 0H10 L oops'))).toBe(10);
    expect(flattenPath('')).toEqual([]);
  });
});
