import { describe, expect, test } from 'vitest';
import { comparisonOf, mostAsked, readComparison, writeComparison } from './address.ts';
import { htmlOf } from './html.ts';
import { part } from './part.ts';
import { names } from './sample.ts';

describe('the address of a comparison', () => {
  test('names patterns in their order, by slug, title or another name', () => {
    const { asked, shown } = readComparison('?of=deep-cup,Steady+Hand,MUG,dry%20tram', names);
    expect(shown).toEqual(['deep-cup', 'steady-hand', 'dry-tram']);
    expect(writeComparison(asked)).toBe('?of=deep-cup,steady-hand,dry-tram');
  });

  test('keeps a name that nobody bears where it stands, with what may be meant', () => {
    const { asked, shown } = readComparison('?of=steady-hnad,deep-cup,teapot,spare', names);
    expect(asked).toEqual([{ unknown: 'steady-hnad', meant: 'steady-hand' }, { slug: 'deep-cup' }, { unknown: 'teapot' }, { unknown: 'spare', meant: 'second-cup' }]);
    expect(shown).toEqual(['deep-cup']);
    expect(readComparison(writeComparison(asked), names).asked).toEqual(asked);
  });

  test('shows at most four and loses none: when one goes the fifth comes', () => {
    const five = readComparison(`?of=${names.map(({ slug }) => slug).join(',')}`, names);
    expect(five.asked).toHaveLength(5);
    expect(five.shown).toEqual(names.slice(0, 4).map(({ slug }) => slug));
    expect(comparisonOf(five.asked.slice(1)).shown).toEqual(names.slice(1).map(({ slug }) => slug));
  });

  test('counts what is named twice once, where it came first', () => {
    expect(readComparison('?of=mug,steady-hand&of=deep-cup,level-cup,teapot,TeaPot', names).asked).toEqual([{ slug: 'deep-cup' }, { slug: 'steady-hand' }, { unknown: 'teapot' }]);
  });

  test('is empty without names, and leaves what others append alone', () => {
    expect(readComparison('', names)).toEqual({ asked: [], shown: [] });
    expect(readComparison('?utm_source=x&of=&often=deep-cup', names)).toEqual({ asked: [], shown: [] });
    expect(writeComparison([])).toBe('');
  });
});

test('whatever stands in an address is read without a throw, a hang or markup, and comes back the same', () => {
  const pieces = ['saga', 'deep-cup', 'steady hnad', '<img src=x onerror=alert(1)>', '"><script>', '%', '%E0%A4', '%00', '\uD800', '\u202E', '+', ',', ',,', '&of=', '=', '&', '#', '%2C', '../', 'javascript:', '‮', 'é', '😀', 'a'.repeat(500), '(a+)+$', '\\', "'", '`${x}`', '__proto__', 'constructor', 'mug'];
  const random = numbersFrom(20261127);
  for (let run = 0; run < 3_000; run++) {
    const search = `?of=${Array.from({ length: 1 + random() % 9 }, () => pieces[random() % pieces.length]).join(random() % 2 === 0 ? ',' : '')}`;
    const { asked, shown } = readComparison(search, names);
    expect(asked.length, search).toBeLessThanOrEqual(mostAsked);
    expect(new Set(shown).size, search).toBe(shown.length);
    expect(shown.every((slug) => names.some((name) => name.slug === slug)), search).toBe(true);
    const written = writeComparison(asked);
    expect(written, search).toMatch(/^$|^\?of=[\w\-.~!*'(),%]+$/);
    expect(readComparison(written, names), search).toEqual({ asked, shown });
    const html = htmlOf(...asked.flatMap((each) => ('unknown' in each ? [part('p', { title: each.unknown }, each.unknown)] : [])));
    expect(html.replaceAll(/<p title="[^"<>]*">[^<>]*<\/p>/g, ''), search).toBe('');
  }
});

test('an address of a megabyte takes no longer than a blink', () => {
  const start = performance.now();
  readComparison(`?of=${'stedy-hand,'.repeat(100_000)}`, names);
  readComparison(`?of=${'x'.repeat(1_000_000)}`, names);
  readComparison(`?${'of=%E0&'.repeat(100_000)}`, names);
  expect(performance.now() - start).toBeLessThan(2_000);
});

/** The same numbers in each run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
