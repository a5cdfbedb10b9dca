// @vitest-environment node
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { cleanAttributes } from './attributes.ts';

const cleaned = (markup: string): string => {
  const { document } = new JSDOM(`<svg>${markup}</svg>`).window;
  const svg = document.querySelector('svg');
  for (const element of svg?.querySelectorAll('*') ?? []) cleanAttributes(element, new Set());
  return svg?.innerHTML ?? '';
};

describe('cleanAttributes', () => {
  test('drops handlers, data and links to scripts', () => {
    expect(cleaned('<a onclick="x()" data-id="1" href=" JavaScript:x()"></a>')).toBe('<a></a>');
    expect(cleaned('<a href="data:text/html,x"></a>')).toBe('<a></a>');
  });

  test('keeps a link, under its modern name', () => {
    expect(cleaned('<a xlink:href="/patterns/saga/"></a>')).toBe('<a href="/patterns/saga/"></a>');
  });

  test('turns style into attributes where those exist', () => {
    expect(cleaned('<path style="stroke-width: 2px; fill: none; cursor: pointer"></path>')).toBe('<path stroke-width="2" fill="none"></path>');
  });

  test('keeps colours of an author above the style sheet', () => {
    expect(cleaned('<g class="node"><rect style="fill:#fff !important"></rect></g>')).toBe(
      '<g class="node"><rect style="fill:var(--dg-bg)"></rect></g>',
    );
  });

  test('swaps colours and rounds numbers', () => {
    expect(cleaned('<path stroke="#333333" d="M1.23456,7L-0.0001,.999"></path>')).toBe('<path stroke="var(--dg-fg)" d="M1.23,7L0,1"></path>');
  });

  test('drops classes that say nothing, and repeated ones', () => {
    expect(cleaned('<g class="node default node undefined"></g><g class="basic"></g>')).toBe('<g class="node"></g><g></g>');
  });
});
