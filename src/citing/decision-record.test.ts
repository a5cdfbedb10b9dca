import { describe, expect, test } from 'vitest';
import { answerMarkdown } from './answer-markdown.ts';
import { decisionRecord, recordFileName } from './decision-record.ts';
import type { Finding } from './finding.ts';
import { plainLine } from './markdown.ts';

const finding: Finding = {
  query: 'the window is wet\n# and so is <b>the cat</b>',
  address: 'https://example.org/find/?q=the+window+is+wet&must=small-team',
  problem: { title: 'Breakfast is late', address: 'https://example.org/problems/breakfast-is-late/' },
  drivers: [{ text: 'One small team runs everything', hard: true }, { text: 'The latency budget is tight', hard: false }],
  observations: [{ text: 'We queue in front of the stove.', seen: true }, { text: 'The gas is off.', seen: false }],
  options: [
    {
      title: 'Kettle Lid', description: 'Keeps the steam in.', fit: 'Strong match', page: { address: 'https://example.org/patterns/kettle-lid/', version: '1.2' },
      because: ['The kitchen window is wet with steam.'], but: ['The milk boils over: leave it open'], tradeOffs: [{ good: true, why: 'The water boils sooner' }, { good: false, why: 'TLS of the lid rattles' }],
    },
    { title: 'Tea Egg', description: 'Holds the leaves together.', fit: 'Possible match', because: [], but: [], tradeOffs: [] },
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
    expect(record).toContain('* One small team runs everything (must hold)\n* The latency budget is tight');
    expect(record).toContain('* Kettle Lid\n* Tea Egg');
    expect(record).toContain('Proposed option: "Kettle Lid", because the kitchen window is wet with steam.');
    expect(record).toContain('* Good, because the water boils sooner.\n* Bad, because TLS of the lid rattles.');
    expect(record).toContain('* Bad, because the milk boils over: leave it open.');
  });

  test('names page, version and the address of the question', () => {
    expect(record).toContain('See [Kettle Lid](https://example.org/patterns/kettle-lid/), version 1.2.');
    expect(record).toContain(`<${finding.address}>`);
    expect(record).toContain('Its page in Pattern Atlas is still to be written.');
  });

  test('leaves out what there is not', () => {
    const bare = decisionRecord({ ...finding, drivers: [], observations: [], options: [], misses: [], combinations: [] }, '2026-11-21');
    expect(bare).not.toContain('## Decision Drivers');
    expect(bare).not.toContain('undefined');
    expect(bare).toContain('# Breakfast is late');
  });

  test('has a file name', () => {
    expect(recordFileName(finding, '2026-11-21')).toBe('2026-11-21-kettle-lid.md');
  });
});

describe('the reader\'s words', () => {
  test('stay words: no heading, no HTML, no list', () => {
    expect(record).toContain('> the window is wet\n> \\# and so is \\<b\\>the cat\\</b\\>');
    expect(plainLine('- [x] *a* & 1. b')).toBe('\\- \\[x\\] \\*a\\* &amp; 1. b');
    expect(plainLine('1. b')).toBe('\\1. b');
  });
});

test('an answer as Markdown holds order, reasons, and what not to use', () => {
  expect(answerMarkdown(finding)).toBe(`> the window is wet
> \\# and so is \\<b\\>the cat\\</b\\>

Problem: [Breakfast is late](https://example.org/problems/breakfast-is-late/)

Weighed:

- One small team runs everything (must hold)
- The latency budget is tight
- We queue in front of the stove.
- Not so: The gas is off.

1. **[Kettle Lid](https://example.org/patterns/kettle-lid/)** (strong match): Keeps the steam in.
   - Because: The kitchen window is wet with steam.
   - But: The milk boils over: leave it open.
2. **Tea Egg** (possible match): Holds the leaves together.

Kettle Lid requires Tea Egg: hot water alone is no tea.

Rather not:

- Biscuit Tin: Nothing has to stay dry.

Found with [Pattern Atlas](https://example.org/find/?q=the+window+is+wet&must=small-team).
`);
});
