/** The colours of text and of categories, measured in both themes, and as readers see them whose eyes lack one kind of cone. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Triple = readonly [number, number, number];

const sheet = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const light = tokensOf(/^:root \{([^}]*)\}/m);
const themes = { light, dark: { ...light, ...tokensOf(/^:root\[data-theme='dark'\] \{([^}]*)\}/m) } };
const categories = Object.keys(light).filter((name) => name.startsWith('--cat-'));
const grounds = ['--paper', '--surface', '--tint'];
const leastOfText = 4.5;
const leastOfGraphics = 3;
/** Far above the 2.3 or so at which two colours side by side can just be told apart. */
const leastApart = 10;

/**
 * Linear RGB to linear RGB for a missing kind of cone (severity 1.0): G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
 * "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and
 * Computer Graphics 15 (6), 2009.
 */
const eyes: Record<string, readonly [Triple, Triple, Triple]> = {
  'all cones': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  'protanopia': [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  'deuteranopia': [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  'tritanopia': [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

describe.each(Object.entries(themes))('%s', (_, tokens) => {
  const colour = (name: string): Triple => linear(tokens[name] ?? '');

  test('every colour of text can be read on every ground', () => {
    const texts = ['--ink', '--muted', '--failure', ...categories];
    expect(categories).toHaveLength(5);
    expect(texts.flatMap((text) => grounds.filter((ground) => contrast(colour(text), colour(ground)) < leastOfText).map((ground) => `${text} on ${ground}: ${contrast(colour(text), colour(ground)).toFixed(2)}`))).toEqual([]);
  });

  test('borders that carry meaning can be seen on paper', () => {
    expect(contrast(colour('--edge'), colour('--paper'))).toBeGreaterThanOrEqual(leastOfGraphics);
  });

  test.each(Object.entries(eyes))('categories stay apart from each other and from failure: %s', (_name, matrix) => {
    const seen = [...categories, '--failure'].map((name) => ({ name, lab: labOf(through(matrix, colour(name))) }));
    const near = seen.flatMap((one, at) => seen.slice(at + 1).map((other) => ({ pair: `${one.name} and ${other.name}`, apart: distance(one.lab, other.lab) })));
    expect(near.filter(({ apart }) => apart < leastApart)).toEqual([]);
  });
});

test('the measures are those of their definitions', () => {
  expect(contrast(linear('#000'), linear('#fff'))).toBeCloseTo(21, 5);
  expect(contrast(linear('#777'), linear('#fff'))).toBeCloseTo(4.48, 2);
  expect(labOf(linear('#fff'))[0]).toBeCloseTo(100, 2);
  expect(distance(labOf(linear('#fff')), labOf(linear('#000')))).toBeCloseTo(100, 1);
  // Grey is grey to all.
  for (const matrix of Object.values(eyes)) for (const row of matrix) expect(row.reduce((sum, each) => sum + each)).toBeCloseTo(1, 5);
});

function tokensOf(block: RegExp): Record<string, string> {
  return Object.fromEntries([...(block.exec(sheet)?.[1] ?? '').matchAll(/(--[\w-]+): (#[\da-f]{3,6});/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Of sRGB, as IEC 61966-2-1 has it. */
function linear(hex: string): Triple {
  const digits = hex.length === 4 ? hex.replaceAll(/[\da-f]/g, '$&$&') : hex;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as unknown as Triple;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: Triple, other: Triple): number {
  const [dark = 0, bright = 0] = [one, other].map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue).sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function through(matrix: readonly Triple[], colour: Triple): Triple {
  return matrix.map((row) => Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]))) as unknown as Triple;
}

/** CIELAB under D65. */
function labOf([red, green, blue]: Triple): Triple {
  const [x, y, z] = [
    (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
    0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
    (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883,
  ].map((part) => (part > (6 / 29) ** 3 ? Math.cbrt(part) : part / (3 * (6 / 29) ** 2) + 4 / 29)) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** ΔE as CIE 1976 has it. */
function distance(one: Triple, other: Triple): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
