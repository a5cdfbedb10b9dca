import { describe, expect, test } from 'vitest';
import { comparisonFinding } from './comparison-finding.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';
import { pageWords } from './page-words.ts';
import { patternFinding } from './pattern-finding.ts';
import type { Facts, PatternFacts, ProblemFacts } from './pattern-facts.ts';
import { problemFinding } from './problem-finding.ts';

const page = (slug: string, title: string, data: Partial<PatternFacts['data']> = {}): PatternFacts => ({
  slug,
  data: { title, description: `Says what ${title} does.`, status: 'reviewed', symptoms: ['It is cold.'], useWhen: [`You want ${title}.`], notWhen: [], forces: {}, relations: [], tradeOffs: {}, changes: [{ version: '1.2' }, { version: '1.0' }], ...data },
  words: pageWords(''),
});
const problem: ProblemFacts = {
  slug: 'tea-is-cold',
  data: {
    title: 'The tea is cold', description: 'Nobody drinks it.', symptoms: ['Cups come back full.'], questions: [{ ask: 'Is there a lid?', tells: 'Then it is the stove.' }], changes: [{ version: '1.1' }],
    candidates: [{ when: 'The stove is off', do: 'Light it: matches are in the drawer', because: 'It costs a match.' }, { when: 'Steam escapes', pattern: 'lid', because: 'It keeps the steam in.' }, { when: 'The cup is thin', pattern: 'cosy', because: 'Wool is thick.' }],
  },
};
const facts: Facts = {
  home: 'https://example.org/repo/',
  problems: [problem],
  patterns: [
    page('lid', 'Lid', {
      notWhen: [{ when: 'The pot leaks', instead: 'Buy a pot; tape will not do' }, { when: 'The cup is the trouble', instead: 'Wrap the cup', see: 'cosy' }],
      forces: { 'small-team': 2, 'tight-latency': -1 },
      relations: [{ to: 'stove', as: 'requires', why: 'A lid alone heats nothing.' }, { to: 'tray', as: 'complements', why: 'It carries both.' }],
    }),
    page('cosy', 'Cosy', { notWhen: [{ when: 'It is summer', instead: 'Leave it off' }, { when: 'Steam escapes', instead: 'Close the pot', see: 'lid' }], forces: { 'small-team': -1 } }),
    page('stove', 'Stove', { relations: [{ to: 'lid', as: 'alternative-to', why: 'Heat again, or keep it.' }, { to: 'cosy', as: 'conflicts-with', why: 'Wool burns.' }] }),
    page('tray', 'Tray', { status: 'outline', changes: [] }),
  ],
};

describe('a pattern', () => {
  const finding = patternFinding(facts, 'lid');

  test('stands against what its page names, patterns first, each with because and but', () => {
    expect(finding.options.map(({ title, isPattern, description }) => [title, isPattern, description])).toEqual([
      ['Lid', true, 'Says what Lid does.'], ['Cosy', true, 'Says what Cosy does.'], ['Stove', true, 'Says what Stove does.'], ['Buy a pot', false, 'Tape will not do'],
    ]);
    const [lid, cosy, stove, pot] = finding.options;
    expect(lid?.but).toEqual(['it is the wrong choice if the pot leaks. Then: Buy a pot; tape will not do', 'it is the wrong choice if the cup is the trouble. Then: Wrap the cup', 'it requires Stove: a lid alone heats nothing']);
    expect(cosy?.because).toEqual(['The cup is the trouble. Then: Wrap the cup', 'You want Cosy.']);
    expect(cosy?.but).toEqual(['it is the wrong choice if Steam escapes. Then: Close the pot', 'it is the wrong choice if it is summer. Then: Leave it off', 'it conflicts with Stove: Wool burns']);
    expect(stove?.but).toEqual(['it conflicts with Cosy: Wool burns']);
    expect(pot?.because).toEqual(['The pot leaks']);
  });

  test('takes its drivers from its own forces, and says for whom of the options they speak', () => {
    expect(finding.drivers.map(({ text, speaksFor, speaksAgainst }) => [text, speaksFor, speaksAgainst])).toEqual([
      ['One small team runs everything', ['Lid'], ['Cosy']], ['The latency budget is tight', [], ['Lid']],
    ]);
  });

  test('is pinned, with the problems that name it and what goes with it', () => {
    expect(finding.address).toBe('https://example.org/repo/patterns/lid/1.2/');
    expect(finding.problems).toEqual([{ title: 'The tea is cold', address: 'https://example.org/repo/problems/tea-is-cold/1.1/' }]);
    expect(finding.combinations).toEqual(['Stove compared with Lid: Heat again, or keep it', 'Lid goes with Tray: it carries both']);
    expect(patternFinding(facts, 'tray').options[0]?.page).toBeUndefined();
  });

  test('that the catalogue does not have is refused', () => {
    expect(() => patternFinding(facts, 'sieve')).toThrow(new RangeError('the catalogue has no pattern "sieve"'));
  });
});

describe('a problem', () => {
  test('proposes the simplest candidate, and says on which condition each helps', () => {
    const { reason, options, asks, observations } = problemFinding(facts, 'tea-is-cold');
    expect(reason).toBe('it is the simplest to try, if the stove is off; if not, the next whose condition holds');
    expect(options.map(({ title }) => title)).toEqual(['Light it', 'Lid', 'Cosy']);
    expect(options[0]).toMatchObject({ description: 'Matches are in the drawer', because: ['It costs a match.'], but: ['it helps only if the stove is off'] });
    expect(options[1]?.but[0]).toBe('it helps only if Steam escapes');
    expect([asks, observations]).toEqual([[{ ask: 'Is there a lid?', tells: 'Then it is the stove.' }], [{ text: 'Cups come back full.' }]]);
    expect(() => problemFinding(facts, 'tea-is-hot')).toThrow(RangeError);
  });
});

describe('a comparison', () => {
  test('keeps the order that was given, weighs all, and says what they have to do with each other', () => {
    const finding = comparisonFinding(facts, ['cosy', 'lid']);
    expect(finding.options.map(({ title }) => title)).toEqual(['Cosy', 'Lid']);
    expect(finding.question).toBe('Which of Cosy and Lid fits here?');
    expect(finding.problems.map(({ title }) => title)).toEqual(['The tea is cold']);
    expect(finding.drivers[0]).toMatchObject({ speaksFor: ['Lid'], speaksAgainst: ['Cosy'] });
    expect(comparisonFinding(facts, ['stove', 'lid', 'cosy']).combinations).toEqual(['Stove compared with Lid: Heat again, or keep it', 'Stove conflicts with Cosy: Wool burns', 'Lid requires Stove: a lid alone heats nothing']);
    expect(comparisonFinding(facts, ['lid', 'cosy'], 'Why is it cold?').question).toBeUndefined();
  });

  test('takes its drivers from the forces that were named, and proposes nothing that breaks what must hold', () => {
    const finding = comparisonFinding(facts, ['cosy', 'lid'], 'Why is it cold?', new Map([['small-team', 'must'], ['tight-latency', 'not'], ['polyglot', 'applies']]));
    expect(finding.options.map(({ title }) => title)).toEqual(['Lid', 'Cosy']);
    expect(finding.drivers.map(({ text, hard, speaksFor }) => [text, hard, speaksFor])).toEqual([['One small team runs everything', true, ['Lid']], ['Services are written in several languages', false, []]]);
    expect(() => comparisonFinding(facts, ['cosy', 'lid'], '', new Map([['small-team', 'must'], ['tight-latency', 'must']]))).toThrow('each of them breaks something that must hold: Cosy small-team, Lid tight-latency');
  });

  test('shows forces, trade-offs and conditions side by side, and leaves out what is empty', () => {
    const text = comparisonMarkdown(facts, ['lid', 'tray']);
    expect(text).toContain('# Lid · Tray\n\n- [Lid](https://example.org/repo/patterns/lid/1.2/), version 1.2: Says what Lid does.\n- Tray (its page is still to be written): Says what Tray does.');
    expect(text).toContain('| What is true of the system | Lid | Tray |\n| --- | --- | --- |\n| The latency budget is tight | − |  |\n| One small team runs everything | ++ |  |');
    expect(text).not.toContain('## Trade-offs');
    expect(text).toContain('Lid:\n\n- The pot leaks. Then: Buy a pot; tape will not do.');
    expect(text).toContain('## What they have to do with each other\n\n- Lid goes with Tray: it carries both.');
  });

  test('takes two to four different patterns', () => {
    for (const slugs of [[], ['lid'], ['lid', 'lid'], ['lid', 'cosy', 'stove', 'tray', 'lid']]) expect(() => comparisonFinding(facts, slugs)).toThrow(/^a comparison takes 2 to 4 different patterns/);
  });
});

describe('the words of a page', () => {
  test('are its question and what to watch, without marks, links and components', () => {
    expect(pageWords('Lead.\n\n## Problem\n\n**Why is it *cold*?**\n\nIt **is**.\n\n## What to watch\n\nSome.\n\n- **Age** of `cup()`, see [lid](/x/). <Ref to="y" />\n- Two\n  lines.\n\nTest it.\n\n## Next\n\n- No\n')).toEqual({ question: 'Why is it cold?', watch: ['Age of cup(), see lid.', 'Two lines.'] });
    expect(pageWords('')).toEqual({ watch: [] });
  });
});
