// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { nearestTint, sentinel, tokenise, TOKENS } from './colours.ts';

describe('tokenise', () => {
  test('swaps the stand-in of every token', () => {
    expect(TOKENS.map((token) => tokenise(sentinel(token)))).toEqual(TOKENS.map((token) => `var(--dg-${token})`));
  });

  test('knows a stand-in as rgb, as hsl and with an alpha', () => {
    expect(tokenise('rgb(225, 3, 123)')).toBe('var(--dg-bg)');
    expect(tokenise('hsl(327.5675675676, 97.3684210526%, 44.7058823529%)')).toBe('var(--dg-bg)');
    expect(tokenise('rgba(225, 3, 123, 0.5)')).toBe('color-mix(in srgb,var(--dg-bg) 50%,transparent)');
    expect(tokenise('#e1037b00')).toBe('transparent');
  });

  test('swaps literals of Mermaid, in words too', () => {
    expect(tokenise('white')).toBe('var(--dg-bg)');
    expect(tokenise('#333')).toBe('var(--dg-fg)');
  });

  test('leaves unknown colours and reports them', () => {
    const unknown = new Set<string>();
    expect(tokenise('#bada55', unknown)).toBe('#bada55');
    expect(tokenise('pink', unknown)).toBe('pink');
    expect([...unknown]).toEqual(['#bada55', 'pink']);
  });

  test('leaves words that only look like colours', () => {
    expect(tokenise('url(#black-arrow) .white')).toBe('url(#black-arrow) .white');
  });
});

describe('nearestTint', () => {
  test('keeps the hue in the tokens of the theme', () => {
    expect(nearestTint('rgb(255, 220, 220)')).toBe('var(--dg-danger)');
    expect(nearestTint('rgb(220, 255, 225)')).toBe('var(--dg-ok)');
    expect(nearestTint('rgb(220, 230, 255)')).toBe('var(--dg-accent)');
    expect(nearestTint('rgb(255, 240, 200)')).toBe('var(--dg-note)');
  });

  test('has a neutral tint for grey and for what is no colour', () => {
    expect(nearestTint('rgb(240, 240, 240)')).toBe('var(--dg-alt)');
    expect(nearestTint('')).toBe('var(--dg-alt)');
  });
});
