import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import type { Compared } from './compared.ts';
import { comparisonView } from './comparison-view.ts';
import { htmlOf } from './html.ts';
import { sampleCompared } from './sample.ts';
import { tradeOffFigure, tradeOffTable } from './trade-off-view.ts';

const drawn = (compared: readonly Compared[]): Document => new JSDOM(htmlOf(...comparisonView(compared))).window.document;
const text = (node: Element | null | undefined): string => (node?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

describe('a comparison', () => {
  const one = sampleCompared('steady-hand', {
    forces: { 'no-broker': 2, polyglot: 1 },
    notWhen: [{ when: 'There is a lid', instead: 'Trust the lid', see: 'lid' }, { when: 'It is empty', instead: 'Take any cup', see: 'deep-cup' }],
  }, { others: [{ slug: 'lid', title: 'Lid', hasPage: true, conflicts: [] }], says: [{ about: 'deep-cup', heading: 'Compared with a deep cup', id: 'compared-with-a-deep-cup', text: 'It needs a hand.' }], sources: [{ title: 'On cups', name: 'Ada 1999', url: 'https://example.org/cups' }] });
  const other = sampleCompared('deep-cup', { forces: { 'no-broker': -1, polyglot: 1 } }, { sources: [{ title: 'On cups', name: 'Ada 1999', url: 'https://example.org/cups' }] });
  const page = drawn([one, other]);
  const row = (start: string) => [...page.querySelectorAll('tbody tr')].find((each) => text(each.querySelector('th')).startsWith(start));

  test('says in each cell whose it is, in the order that was asked', () => {
    expect([...page.querySelectorAll('thead th')].map((head) => text(head.querySelector('a')))).toEqual(['Steady Hand', 'Deep Cup']);
    for (const each of page.querySelectorAll('tbody tr:not(.group)')) {
      expect([...each.querySelectorAll('td')].map((cell) => cell.getAttribute('data-label'))).toEqual(['Steady Hand', 'Deep Cup']);
    }
  });

  test('marks each difference with a sign and a word', () => {
    expect(text(row('There is no message broker')?.querySelector('.verdict'))).toBe('≠ opposed');
    expect([...row('There is no message broker')?.querySelectorAll('td') ?? []].map(text)).toEqual(['++ speaks strongly for it', '− speaks against it']);
    expect(text(row('Services are written')?.querySelector('.verdict'))).toBe('= the same');
    expect(row('Services are written')?.classList.contains('same')).toBe(true);
  });

  test('puts the exception first that leads to the other, and links what only it names', () => {
    expect([...row('Not when')?.querySelectorAll('td:first-of-type li') ?? []].map(text)).toEqual(['It is empty → Instead: Deep Cup: Take any cup', 'There is a lid → Instead: Trust the lid']);
    expect(row('Not when')?.querySelector('a[href="/patterns/lid/"]')).not.toBeNull();
  });

  test('says what one page says of the other, with the way there, and which sources they share', () => {
    expect([...row('Of each other')?.querySelectorAll('td') ?? []].map(text)).toEqual(['Compared with a deep cup: It needs a hand.on its page', 'Its page does not compare them.']);
    expect(row('Of each other')?.querySelector('a')?.getAttribute('href')).toBe('/patterns/steady-hand/#compared-with-a-deep-cup');
    expect(text(row('Sources')?.querySelector('li'))).toBe('On cups, Ada 1999 = also of another');
  });

  test('never links a pattern whose page is still to be written, and says so', () => {
    const outline = drawn([one, sampleCompared('dry-tram')]);
    expect(outline.querySelector('a[href="/patterns/dry-tram/"]')).toBeNull();
    expect(text(outline.querySelector('thead'))).toContain('Dry Tram Integration · page in preparation'.replace('Dry Tram ', 'Dry Tram'));
    expect(text(outline.querySelector('tbody'))).toContain('not weighed yet');
    expect(outline.querySelector('figure')).toBeNull();
  });

  test('says of a pattern that another took its place', () => {
    const head = drawn([one, sampleCompared('deep-cup', { status: 'superseded' })]).querySelector('thead');
    expect(head?.querySelector('a[href="/patterns/deep-cup/"]')).not.toBeNull();
    expect([...head?.querySelectorAll('small') ?? []].map(text)).toEqual(['Resilience', 'Data · superseded']);
  });

  test('shows words as words, whatever they are', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const all = sampleCompared('deep-cup', {
      title: evil, description: evil, useWhen: [evil], notWhen: [{ when: evil, instead: evil, see: 'steady-hand' }],
      relations: [{ to: 'steady-hand', as: 'alternative-to', why: evil }], tradeOffs: { cost: { value: 1, why: evil } },
    }, { words: { question: evil, watch: [evil] }, costs: [evil], says: [{ about: 'steady-hand', heading: evil, id: 'x', text: evil }], sources: [{ title: evil, name: evil, url: 'https://example.org/' }], problems: [{ slug: 'spill', title: evil, version: '1.0', candidates: [{ at: 0, when: evil, because: evil }] }] });
    const shown = drawn([all, one]);
    expect(shown.querySelectorAll('img, script').length).toBe(0);
    expect([...shown.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ name }) => name)).filter((name) => name.startsWith('on'))).toEqual([]);
    expect(text(shown.querySelector('thead'))).toContain(evil);
  });
});

describe('trade-offs', () => {
  const one = sampleCompared('steady-hand', { tradeOffs: { latency: { value: -2, why: 'You walk slowly' }, cost: { value: 1, why: 'Nothing to buy' } } });
  const other = sampleCompared('deep-cup', { tradeOffs: { latency: { value: 1, why: 'You may run' } } });

  test('are drawn with a letter for each pattern at its place, and a line where they differ', () => {
    const figure = new JSDOM(htmlOf(tradeOffFigure([one, sampleCompared('dry-tram'), other]))).window.document;
    expect(text(figure.querySelector('figcaption'))).toBe('A Steady Hand C Deep Cup');
    const [latency, cost] = [...figure.querySelectorAll('.axis')].map((axis) => [...axis.querySelectorAll('.axis-place')].map(text));
    expect(latency).toEqual(['A', '', '', 'C', '']);
    expect(cost).toEqual(['', '', 'C', 'A', '']);
    expect(figure.querySelector('.axis-span')?.className).toBe('axis-span from0 to3');
  });

  test('are told in a table with mark, word and reason', () => {
    const table = new JSDOM(htmlOf(tradeOffTable([one, other]))).window.document;
    expect([...table.querySelectorAll('tbody tr')].map(text)).toEqual(['Latency ≠ opposed−− much worseYou walk slowly+ betterYou may run', 'Cost ≠ different+ betterNothing to buy· about the same']);
  });
});
