// @vitest-environment node
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { renameIdentifiers } from './identifiers.ts';

const renamed = (attributes: string, markup: string): string => {
  const svg = new JSDOM(`<svg ${attributes}>${markup}</svg>`).window.document.querySelector('svg');
  if (svg) renameIdentifiers(svg, 'dg-x');
  return svg?.outerHTML ?? '';
};

describe('renameIdentifiers', () => {
  test('renames what is referred to, and the reference', () => {
    expect(renamed('', '<marker id="arrow"></marker><path marker-end="url(#arrow)"></path>')).toBe(
      '<svg><marker id="dg-x-0"></marker><path marker-end="url(#dg-x-0)"></path></svg>',
    );
  });

  test('drops what nothing refers to', () => {
    expect(renamed('', '<g id="root-0"></g>')).toBe('<svg><g></g></svg>');
  });

  test('follows names, descriptions and uses', () => {
    expect(renamed('aria-labelledby="t"', '<title id="t"></title><g id="g"></g><use href="#g"></use>')).toBe(
      '<svg aria-labelledby="dg-x-0"><title id="dg-x-0"></title><g id="dg-x-1"></g><use href="#dg-x-1"></use></svg>',
    );
  });

  test('leaves links to other pages alone', () => {
    expect(renamed('', '<a href="/patterns/saga/#sources"></a>')).toBe('<svg><a href="/patterns/saga/#sources"></a></svg>');
  });
});
