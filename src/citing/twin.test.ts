import { describe, expect, test } from 'vitest';
import { sampleGuide, samplePattern, sampleProblem, superseded } from '../catalogue/sample.ts';
import { sampleAtlas as atlas } from './twin/sample-atlas.ts';
import { twinOf } from './twin.ts';
import type { WrittenPage } from './twin.ts';

const pattern = (body: string, change: Parameters<typeof samplePattern>[0] = {}): WrittenPage => ({ path: '/patterns/steady-hand/', entry: { kind: 'pattern', slug: 'steady-hand', data: samplePattern(change) }, body });

describe('the head of a twin', () => {
  const twin = twinOf(pattern('Text.', { title: 'Steady "Hand": *firm*' }), atlas);

  test('says for programs where the page stands, its version and its licence, as YAML that no title breaks', () => {
    expect(twin).toContain('---\ntitle: "Steady \\"Hand\\": *firm*"\ndescription: "Keeps the cup level while the tram brakes."\naddress: "https://example.org/atlas/patterns/steady-hand/"\npinned: "https://example.org/atlas/patterns/steady-hand/1.0/"\n');
    expect(twin).toContain('\nversion: "1.0"\ndate: "2026-11-21"\nchanges: [{"version":"1.0","date":"2026-11-21","what":"First published."}]\nlicence: "CC-BY-4.0 (text, diagrams, data), MIT (code)"\n---\n');
  });

  test('and for people', () => {
    expect(twin).toContain('# Steady "Hand": \\*firm\\*\n\nKeeps the cup level while the tram brakes.\n\nAlso known as Level Cup.\n\nResilience pattern. Version 1.0 of 21 November 2026. Read from top to bottom on 21 November 2026.\n');
    expect(twin).toContain('From <https://example.org/atlas/patterns/steady-hand/>; this version stays at <https://example.org/atlas/patterns/steady-hand/1.0/>. Text [CC BY 4.0]');
  });
});

describe('a page that another took the place of', () => {
  const pages: [string, WrittenPage['entry'], string][] = [
    ['pattern', { kind: 'pattern', slug: 'loose-hand', data: superseded(samplePattern({ title: 'Loose Hand' }), 'steady-hand') }, '[Steady Hand](https://example.org/atlas/patterns/steady-hand/)'],
    ['problem', { kind: 'problem', slug: 'tea-is-spilled', data: superseded(sampleProblem({ title: 'Tea is spilled' }), 'coffee-is-spilled') }, '[Coffee is spilled](https://example.org/atlas/problems/coffee-is-spilled/)'],
    ['guide', { kind: 'guide', slug: 'half-a-cup', data: superseded(sampleGuide({ title: 'Half a cup' }), 'full-cup') }, '[From stop to stop with a full cup](https://example.org/atlas/guides/full-cup/)'],
  ];

  test.each(pages)('says so first, with the way there, and keeps version and text: a %s', (_kind, entry, link) => {
    const twin = twinOf({ path: '/x/', entry, body: 'Text.' }, atlas);
    expect(twin).toMatch(/\nstatus: "superseded"\nsupersededBy: "[a-z-]+"\n/);
    expect(twin).toContain(`\n\n**Superseded: read ${link} instead.** This page stays as it was`);
    expect(twin.indexOf('**Superseded')).toBeLessThan(twin.indexOf('Version 1.0 of 21 November 2026.'));
    expect(twin).toContain('this version stays at <https://example.org/atlas/');
    expect(twin).toContain('\n\nText.\n');
  });

  test('no other page has such a line, and links to this one say what it is', () => {
    expect(twinOf(pattern('Text.'), atlas)).not.toContain('uperseded');
    const replaced = { ...atlas, patterns: [...atlas.patterns, { slug: 'loose-hand', data: superseded(samplePattern({ title: 'Loose Hand' }), 'steady-hand') }] };
    expect(twinOf(pattern('<UseWhen />', { notWhen: [{ when: 'It stands', instead: 'Let go', see: 'loose-hand' }] }), replaced)).toContain('Instead: [Let go](https://example.org/atlas/patterns/loose-hand/) (superseded)');
  });
});

describe('the text of a twin', () => {
  const text = (body: string, change = {}): string => twinOf(pattern(body, change), atlas).split('license/mit).\n\n')[1] ?? '';

  test('has what the entry says in place of its components', () => {
    expect(text('<UseWhen />', { notWhen: [{ when: 'There is a lid', instead: 'Trust it', see: 'lid' }, { when: 'It stands.', instead: 'Hold on', see: 'steady-hand' }] }))
      .toBe('**Use it when**\n\n- The tram brakes hard.\n- The cup is full.\n- Nobody holds the cup.\n\n**Not when**\n\n- There is a lid. Instead: Trust it (Lid)\n- It stands. Instead: [Hold on](https://example.org/atlas/patterns/steady-hand/)\n');
    expect(text('<Forces />', { forces: { 'must-answer-now': 1, 'tight-latency': 2, 'no-broker': -1 } }))
      .toBe('**Speaks for it**\n\n- The latency budget is tight (strongly)\n- The caller needs its answer within the same request (somewhat)\n\n**Speaks against it**\n\n- There is no message broker, and none is wanted (somewhat)\n');
    expect(text('<TradeOffs />')).toBe('| Axis | With the pattern | Why |\n| --- | --- | --- |\n| Availability | better | The coffee stays available. |\n');
    expect(text('<Related />')).toBe('Answers the problems [Coffee is spilled](https://example.org/atlas/problems/coffee-is-spilled/).\n\nPut to work in [From stop to stop with a full cup](https://example.org/atlas/guides/full-cup/).\n');
    expect(text('<Libraries />', { libraries: [{ name: 'Gimbal', what: 'a | b', url: 'https://example.org/g', covers: 'All of it.', checked: '2026-11-21' }] }))
      .toContain('| [Gimbal](https://example.org/g) | a \\| b | All of it. | 2026-11-21 |');
  });

  test('numbers its sources as they are named, each place once', () => {
    expect(text('One. <Ref to="second-source" at="page 1" />\nTwo. <Ref to="first-source" />\nThree. <Ref to="second-source" at="page 1" />\n\n## Sources\n\n<Sources />')).toBe(
      'One.[^1]\nTwo.[^2]\nThree.[^1]\n\n## Sources\n\n1. Ada Example. [On Cups](https://example.org/cups). Example Press. Opened 2026-11-21.\n2. [More \\| on \\[cups\\]](https://example.org/cups). Example Press. Opened 2026-11-21.\n\n'
      + '[^1]: Example Press, [More \\| on \\[cups\\]](https://example.org/cups), page 1\n[^2]: Example, [On Cups](https://example.org/cups)\n',
    );
  });

  test('has code between fences that it does not break, and where it comes from', () => {
    expect(text('<Snippet file="steady-hand/hand.ts" region="grip" />')).toBe('````ts\n// steady-hand/hand.ts grip\nconst fence = ``;\n```\n\n````\n\nFrom [steady-hand/hand.ts](https://example.org/atlas/examples/steady-hand/hand.ts), region grip; the file has 1 line, the example 2 tests.\n');
  });

  test('says what came out of a simulation', () => {
    expect(text('<Simulator example="steady-hand" />')).toBe('**Simulation: A tram brakes.** Cups: 2, 1.\n\n- no hand: 1 cup.\n\nSettings: Speed 5 km/h. Change them on [the page](https://example.org/atlas/patterns/steady-hand/#try-it):\n\n- **Faster** (it hurts): It spills.\n\n**Cups**\n\n| Until |  |\n| --- | --- |\n| 1 s | a\\|b |\n');
    expect(text('<PostgresLab example="full-cup" />')).toContain('[the page](https://example.org/atlas/guides/full-cup/)');
  });

  test('leads to headings of its page, and elsewhere', () => {
    expect(text('[a](#b) [c](/d/) [e](https://example.com/)')).toBe('[a](https://example.org/atlas/patterns/steady-hand/#b) [c](https://example.org/atlas/d/) [e](https://example.com/)\n');
  });
});

test('a problem reports, asks, and names its candidates', () => {
  const twin = twinOf({ path: '/problems/coffee-is-spilled/', entry: { kind: 'problem', slug: 'coffee-is-spilled', data: sampleProblem() }, body: '<Reports />\n\n<TellApart />' }, atlas);
  expect(twin).toContain('Problem: it is down. Version 1.0');
  expect(twin).toContain('- “The floor is wet”\n');
  expect(twin).toContain('- **Does it happen with a lid?** Then it is the cup.\n\n| If | then | because |\n| --- | --- | --- |\n| The tram brakes hard | [Steady Hand](https://example.org/atlas/patterns/steady-hand/) | It keeps the cup level. |\n| The cup leaks | Buy another cup |');
});

test('a guide leads through its patterns, and a page of the house has no version', () => {
  expect(twinOf({ path: '/guides/full-cup/', entry: { kind: 'guide', slug: 'full-cup', data: sampleGuide() }, body: '' }, atlas)).toContain('Leads through [Steady Hand](https://example.org/atlas/patterns/steady-hand/).');
  const house = twinOf({ path: '/', entry: { kind: 'plain', data: { title: 'Home' } }, body: '<Plate />' }, atlas, { above: 'Above.' });
  expect(house).not.toMatch(/version|undefined/i);
  expect(house).toContain('Above.\n\n**One shop, and where it goes wrong**\n\nA tram.\n\n1. [Coffee is spilled]');
});

test('a page about contributing lists the way, and shows components with their source and the facts of others', () => {
  const house = (body: string, borrows?: { pattern: string; problem: string }): string => twinOf({ path: '/contribute/x/', entry: { kind: 'plain', data: { title: 'House', borrows } }, body }, atlas);
  expect(house('<ContributionList />')).toContain('1. [Contribute](https://example.org/atlas/contribute/): A way in.');
  const shown = house('<Specimen of="Forces" bare="Nothing.">\n\n<Forces />\n\n</Specimen>\n\nOne. <Ref to="first-source" />', { pattern: 'steady-hand', problem: 'coffee-is-spilled' });
  expect(shown).toContain('```mdx\n<Forces />\n```\n\n- `to` (string, may be left out): Where Forces leads.\n\nWithout JavaScript: Nothing.\n\n**Speaks for it**');
  expect(shown).toContain('One.[^1]');
  expect(house('<FieldList of="source" />')).toContain('| `doi` (may be left out) |');
  expect(house('<WordList of="groups" />')).toContain('- `slow`: It is slow');
  expect(() => house('<WordList of="colours" />')).toThrow('knows categories, forces');
});

test('what a twin cannot tell is named with its page and what to do', () => {
  expect(() => twinOf(pattern('<Carousel />'), atlas)).toThrow(/^the Markdown twin of \/patterns\/steady-hand\/: <Carousel> has no words for a twin; it knows CategoryCards, .*UseWhen\. Add it in src\/citing\/twin\/parts\.ts$/);
  expect(() => twinOf(pattern('<Ref to="no-source" />'), atlas)).toThrow('<Ref to="no-source"> names a source that does not exist');
  expect(() => twinOf({ path: '/', entry: { kind: 'plain', data: { title: 'Home' } }, body: '<Forces />' }, atlas)).toThrow('the Markdown twin of /: <Forces> has no words');
});

test('one of several in a file has no front matter, and notes that are its own', () => {
  const joined = twinOf(pattern('One. <Ref to="first-source" />'), atlas, { joined: true });
  expect(joined).toMatch(/^# Steady Hand\n/);
  expect(joined).toContain('One.[^steady-hand-1]\n\n[^steady-hand-1]: Example, ');
});
