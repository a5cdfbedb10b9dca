// @vitest-environment node
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { roundSelfLoops } from './self-loops.ts';

const rounded = (data: string): string | null | undefined => {
  const { document } = new JSDOM(`<svg><path class="transition" d="${data}"/></svg>`).window;
  const svg = document.querySelector('svg');
  if (svg) roundSelfLoops(svg);
  return svg?.querySelector('path')?.getAttribute('d');
};

describe('roundSelfLoops', () => {
  test('a loop at the left of a node becomes a half circle', () => {
    expect(rounded('M150,82L130,82L130,86L150,86')).toBe('M150,76L142,76A8,8 0 0 0 142,92L150,92');
  });

  test('a loop at the right turns the other way', () => {
    expect(rounded('M150,82L170,82L170,86L150,86')).toBe('M150,76L158,76A8,8 0 0 1 158,92L150,92');
  });

  test('a loop above a node stands upright', () => {
    expect(rounded('M82,150L82,130L86,130L86,150')).toBe('M76,150L76,142A8,8 0 0 1 92,142L92,150');
  });

  test('other edges stay as they are', () => {
    expect(rounded('M0,0L0,40L30,40L30,90')).toBe('M0,0L0,40L30,40L30,90');
    expect(rounded('M0,0L0,40')).toBe('M0,0L0,40');
  });
});
