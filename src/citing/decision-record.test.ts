import { describe, expect, test } from 'vitest';
import { answerMarkdown } from './answer-markdown.ts';
import { decisionRecord, recordFileName } from './decision-record.ts';
import type { Finding } from './finding.ts';
import { clause, plainLine } from './markdown.ts';

const finding: Finding = {
  query: 'the window is wet\n# and so is <b>the cat</b>',
  address: 'https://example.org/find/?q=the+window+is+wet&must=small-team',
  origin: 'The question, with its answers, is at',
  problems: [{ title: 'Breakfast is late', address: 'https://example.org/problems/breakfast-is-late/1.0/' }],
  drivers: [
    { text: 'One small team runs everything', hard: true, speaksFor: [], speaksAgainst: [] },
    { text: 'The latency budget is tight', hard: false, speaksFor: ['Kettle Lid'], speaksAgainst: ['Tea Egg'] },
  ],
  asks: [{ ask: 'Is the water hot?', tells: 'Then it is the leaves' }],
  observations: [{ text: 'We queue in front of the stove.', seen: true }, { text: 'The gas is off.', seen: false }],
  options: [
    {
      title: 'Kettle Lid', isPattern: true, description: 'Keeps the steam in.', fit: 'Strong match', page: { address: 'https://example.org/patterns/kettle-lid/1.2/', version: '1.2' },
      because: ['The kitchen window is wet with steam.'], but: ['The milk boils over: leave it open'], tradeOffs: { latency: { value: 2, why: 'The water boils sooner' }, cost: { value: -1, why: 'TLS of the lid rattles' }, coupling: { value: 0, why: 'As before' } },
      watch: ['Age of the oldest cup.'],
    },
    { title: 'Tea Egg', isPattern: true, description: 'Holds the leaves together.', fit: 'Possible match', because: [], but: [], tradeOffs: {}, watch: [] },
  ],
  misses: [{ title: 'Biscuit Tin', why: 'Nothing has to stay dry' }],
  combinations: ['Kettle Lid requires Tea Egg: hot water alone is no tea'],
};
const record = decisionRecord(finding, '2026-11-21');

describe('a decision record', () => {
  test('has the sections of MADR 4, in its order', () => {
    expect(record.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# Use Kettle Lid against "Breakfast is late"',
      '## Context and Problem Statement', '## Decision Drivers', '## Considered Options', '## Decision Outcome', '### Consequences', '### Confirmation',
      '## Pros and Cons of the Options', '### Kettle Lid', '### Tea Egg', '## More Information',
    ]);
    expect(record).toMatch(/^---\nstatus: proposed\ndate: 2026-11-21\ndecision-makers:\nconsulted:\ninformed:\n---\n/);
  });

  test('takes drivers from forces, options with pros and cons, consequences from trade-offs', () => {
    expect(record).toContain('* One small team runs everything (must hold)\n* The latency budget is tight (speaks for Kettle Lid; speaks against Tea Egg)');
    expect(record).toContain('* Kettle Lid\n* Tea Egg');
    expect(record).toContain('Chosen option: "Kettle Lid", because the kitchen window is wet with steam.');
    expect(record).toContain('* Good, because it is much better for latency: the water boils sooner.\n* Bad, because it is worse for cost: TLS of the lid rattles.\n\n### Confirmation');
    expect(record).toContain('* Bad, because the milk boils over: leave it open.');
  });

  test('names page, version and the address of the question', () => {
    expect(record).toContain('See [Kettle Lid](https://example.org/patterns/kettle-lid/1.2/), version 1.2.');
    expect(record).toContain(`<${finding.address}>`);
    expect(record).toContain('### Tea Egg\n\nHolds the leaves together.\n\n## More Information');
  });

  test('confirms by what the page says to watch, else asks', () => {
    expect(record).toContain('([how and why](https://example.org/patterns/kettle-lid/1.2/#what-to-watch)):\n\n* Age of the oldest cup.');
    expect(decisionRecord({ ...finding, options: finding.options.slice(1) })).toContain('### Confirmation\n\n<!-- How will you see');
  });

  test('says what has to be known first, and which signs are only possible', () => {
    expect(record).toContain('What has to be known first:\n\n* Is the water hot? Then it is the leaves.');
    expect(decisionRecord({ ...finding, observations: [{ text: 'The spoon stands.' }] })).toContain('Signs of it; keep those that you see:\n\n* The spoon stands.');
  });

  test('of several problems the reader keeps one, and none is in the title', () => {
    const several = decisionRecord({ ...finding, problems: [...finding.problems, { title: 'The tea is cold', address: 'https://example.org/problems/the-tea-is-cold/1.0/' }] });
    expect(several).toContain('# Use Kettle Lid\n');
    expect(several).toContain('keep yours:\n\n* [Breakfast is late](https://example.org/problems/breakfast-is-late/1.0/)\n* [The tea is cold]');
  });

  test('what to do in plain words is named without "Use", after its problem', () => {
    const [first] = finding.options;
    expect(first).toBeDefined();
    if (first !== undefined) expect(decisionRecord({ ...finding, options: [{ ...first, title: 'Drink water', isPattern: false }] })).toContain('# Breakfast is late: Drink water\n');
  });

  test('leaves out what there is not, and has no date until somebody decides', () => {
    const bare = decisionRecord({ ...finding, drivers: [], observations: [], misses: [], combinations: [], asks: [], problems: [] });
    expect(bare).not.toContain('## Decision Drivers');
    expect(bare).not.toContain('undefined');
    expect(bare).toContain('status: proposed\ndate:\ndecision-makers:');
    expect(bare).toContain('# Use Kettle Lid\n');
    expect(() => decisionRecord({ ...finding, options: [] })).toThrow('a decision needs an option');
  });

  test('has a file name', () => {
    expect(recordFileName(finding, '2026-11-21')).toBe('2026-11-21-kettle-lid.md');
  });
});

test('after because a sentence goes on in lower case, unless it may begin with a name', () => {
  expect(['The tea', 'Losing a cup', 'Kafka is down', 'TLS fails', 'Spring Boot', 'Is it?', 'Each cup'].map(clause)).toEqual(['the tea.', 'losing a cup.', 'Kafka is down.', 'TLS fails.', 'Spring Boot.', 'is it?', 'each cup.']);
});

describe('the reader\'s words', () => {
  test('stay words: no heading, no HTML, no list', () => {
    expect(record).toContain('> the window is wet\n> \\# and so is \\<b\\>the cat\\</b\\>');
    expect(plainLine('- [x] *a* & 1. b')).toBe('\\- \\[x\\] \\*a\\* &amp; 1. b');
    expect(['1. b', '2) b', '---', '===', '+ b', '2026-11-27', '1.5 s'].map(plainLine)).toEqual(['1\\. b', '2\\) b', '\\---', '\\===', '\\+ b', '2026-11-27', '1.5 s']);
  });
});

test('an answer as Markdown holds order, reasons, and what not to use', () => {
  expect(answerMarkdown(finding)).toBe(`> the window is wet
> \\# and so is \\<b\\>the cat\\</b\\>

Problem: [Breakfast is late](https://example.org/problems/breakfast-is-late/1.0/)

Weighed:

- One small team runs everything (must hold)
- The latency budget is tight
- We queue in front of the stove.
- Not so: The gas is off.

1. **[Kettle Lid](https://example.org/patterns/kettle-lid/1.2/)** (strong match): Keeps the steam in.
   - Because: The kitchen window is wet with steam.
   - But: The milk boils over: leave it open.
2. **Tea Egg** (possible match): Holds the leaves together.

Kettle Lid requires Tea Egg: hot water alone is no tea.

Rather not:

- Biscuit Tin: Nothing has to stay dry.

Found with [Pattern Atlas](https://example.org/find/?q=the+window+is+wet&must=small-team).
`);
});
