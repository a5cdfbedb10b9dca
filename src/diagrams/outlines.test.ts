// @vitest-environment node
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { simplifyOutlines } from './outlines.ts';

const simplified = (inner: string): string => {
  const { document } = new JSDOM(`<svg><g>${inner}</g></svg>`).window;
  const svg = document.querySelector('svg');
  if (svg) simplifyOutlines(svg);
  return svg?.innerHTML ?? '';
};
const stroke = '<path d="M0 0C1 0 2 0 4 0" fill="none" stroke="#abc" stroke-width="1.3"></path>';

describe('simplifyOutlines', () => {
  test('an outline of straight curves becomes one polygon with fill and stroke', () => {
    const fill = '<path d="M0 0C1 0 2 0 3 0C3.2 0 3.5 0 4 0L4 3L0 3L0 0" stroke="none" fill="#fff"></path>';
    expect(simplified(fill + stroke)).toBe('<g><path d="M0 0L4 0L4 3L0 3L0 0Z" stroke="#abc" fill="#fff" stroke-width="1.3"></path></g>');
  });

  test('a circle becomes two arcs', () => {
    const quarter = 'C2 1.1 1.1 2 0 2C-1.1 2 -2 1.1 -2 0C-2 -1.1 -1.1 -2 0 -2C1.1 -2 2 -1.1 2 0';
    const fill = `<path d="M2 0${quarter}" stroke="none" fill="#fff"></path>`;
    expect(simplified(fill + stroke)).toContain('d="M2 0A2 2 0 1 1 -2 0A2 2 0 1 1 2 0Z"');
  });

  test('bent curves keep their shape', () => {
    const bent = `<path d="M0 0C0 20 10 20 10 0L4 4" stroke="none"></path>${stroke}`;
    expect(simplified(bent)).toBe(`<g>${bent}</g>`);
  });

  test('groups of other things are left alone', () => {
    expect(simplified('<path d="M0 0"></path><rect></rect>')).toBe('<g><path d="M0 0"></path><rect></rect></g>');
  });
});
