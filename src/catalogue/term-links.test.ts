import { mdxToMdast } from 'satteri';
import { describe, expect, test } from 'vitest';
import { mostTermLinks, termLinks } from './term-links.ts';

const term = (id: string, words: string[], more: Partial<{ notOn: string[]; patterns: string[] }> = {}) => ({ id, words, notOn: [], patterns: [], ...more });
const lease = term('lease', ['lease', 'leases'], { patterns: ['leader-election'], notOn: ['flats'] });
const lag = term('lag', ['lag']);

/** As "id: words", in the order of the page. */
function linked(text: string, terms = [lease, lag], slug = 'saga', most?: number): string[] {
  return termLinks(mdxToMdast(text), slug, terms, most).map(({ id, node, start, end }) => `${id}: ${'value' in node ? String(node.value).slice(start, end) : ''}`);
}

describe('a term of the glossary is linked', () => {
  test('where it is first used, in the form that the page has', () => {
    expect(linked('Nothing here.\nLeases end by themselves.\nA lease is renewed.\n\nThe lease again, and its lag.')).toEqual(['lease: Leases', 'lag: lag']);
  });

  test('in lists, quotations and emphasis', () => {
    expect(linked('- a *lease*\n\n> some lag')).toEqual(['lease: lease', 'lag: lag']);
  });

  test('not in headings, links, code, tables, bold words and components', () => {
    expect(linked('# A lease\n\n[a lease](/x/), `lease`, **the lease** and <Ref to="lease">lease</Ref>.\n\n| lease |\n| --- |\n| lease |\n\n```ts\nlease\n```\n\n<Aside>lease</Aside>')).toEqual([]);
  });

  test('not as a part of another word', () => {
    expect(linked('A release, a lease-holder, the sub-lease and flags.')).toEqual([]);
  });

  test('by its longest words', () => {
    expect(linked('Carry the trace context along.', [term('trace', ['trace']), term('trace-context', ['trace context'])])).toEqual(['trace-context: trace context']);
  });

  test('once a sentence, so that the second waits for its next use', () => {
    expect(linked('A lease has a lag.\nThen the lag grows.')).toEqual(['lease: lease', 'lag: lag']);
    expect(linked('A lease has a lag.')).toEqual(['lease: lease']);
  });

  test('not beside another link', () => {
    expect(linked('See [outbox](/o/), lease.\nSee [outbox](/o/) and a lease.')).toEqual(['lease: lease']);
    expect(linked('A lease ([outbox](/o/)) ends.\nIt has a lag.')).toEqual(['lag: lag']);
  });

  test('not where a page explains it, or means something else', () => {
    expect(linked('A lease.', [lease], 'leader-election')).toEqual([]);
    expect(linked('A lease.', [lease], 'flats')).toEqual([]);
  });

  test('few times a page', () => {
    const many = 'abcdefghijkl'.split('').map((letter) => term(letter, [`word-${letter}`]));
    const text = many.map(({ words }) => `It is ${words[0]} here.`).join('\n');
    expect(linked(text, many)).toHaveLength(mostTermLinks);
    expect(linked(text, many, 'saga', 99)).toHaveLength(many.length);
  });
});
