import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplePattern } from '../../src/catalogue/sample.ts';
import type { Asked } from './asked.ts';
import { movedMarkdown } from './moved-markdown.ts';
import { compareAnswers, movedBetween } from './moved.ts';
import type { MovedReport } from './moved.ts';
import { readRange } from './revision.ts';
import { SampleRepository, hand, lid } from './sample-repository.ts';

describe('two revisions', () => {
  let sample: SampleRepository;
  beforeAll(() => {
    sample = new SampleRepository({ finder: true });
    sample.commit();
  });
  afterAll(() => sample.remove());
  const report = (): Promise<MovedReport> => movedBetween(sample.root, readRange(sample.root, 'main'));

  test('without a change nothing moves', async () => {
    const { moved, added, dropped, sets, notes } = await report();
    expect([moved, added, dropped, notes]).toEqual([[], [], 0, []]);
    expect(sets.map(({ set, asked, after }) => [set, asked, after.hitAt1])).toEqual([['benchmark', 2, 1], ['symptoms', 16, 1]]);
  });

  test('a page that takes the words of another moves its answers', async () => {
    sample.page(hand, samplePattern({ symptoms: Array.from({ length: 8 }, (_, at) => `Somebody shouts at stop ${at + 1}.`) }));
    sample.page(lid, samplePattern({ title: 'Lid', alsoKnownAs: [], symptoms: Array.from({ length: 8 }, (_, at) => `My coffee is on the floor after stop ${at + 1}.`) }));
    const { moved, added, dropped } = await report();
    expect(moved.find(({ query }) => query === 'my coffee is on the floor')).toMatchObject({ expected: ['steady-hand'], before: ['steady-hand'], placeBefore: 1 });
    expect(moved.find(({ query }) => query === 'my coffee is on the floor')?.after[0]).toBe('lid');
    expect([added.length, dropped]).toEqual([16, 16]);
    sample.git('checkout', '--quiet', '.');
  });

  test('each revision is asked by its own code', async () => {
    sample.write('scripts/find.ts', "import { readFileSync } from 'node:fs';\nfor (const line of readFileSync(process.argv[3]!, 'utf8').split('\\n')) console.log(JSON.stringify({ id: JSON.parse(line).id, ranked: ['lid'] }));\n");
    const { moved, sets, notes } = await report();
    expect(notes).toEqual([]);
    expect(moved.every(({ after }) => after.join() === 'lid')).toBe(true);
    expect(sets.find(({ set }) => set === 'benchmark')).toMatchObject({ before: { hitAt1: 1 }, after: { hitAt1: 0.5 } });
    sample.git('checkout', '--quiet', '.');
  });

  test('where the code of a revision cannot be asked, that of the clone answers, and the report says so', async () => {
    rmSync(join(sample.root, 'scripts/find.ts'));
    const { moved, notes } = await report();
    expect(moved).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^The finder of the work tree could not be asked \(.*, so its pages were ranked by the finder of this clone\.$/s)]);
    sample.git('checkout', '--quiet', '.');
  });

  test('pages that no finder can read are told with what is wrong', async () => {
    sample.page(hand, { ...samplePattern(), symptons: [] });
    await expect(report()).rejects.toThrow(/The finder cannot read the work tree[\s\S]*symptons: found an unknown key/);
    sample.git('checkout', '--quiet', '.');
  });
});

describe('the report', () => {
  const asked = (query: string, ...expected: string[]): Asked => ({ set: 'benchmark', query, expected });
  const questions = [asked('a', 'x'), asked('b', 'x'), asked('c', 'x'), asked('d'), asked('e | `f` @team <b>', 'y')];
  const before = new Map([['a', ['x', 'y']], ['b', ['y', 'z', 'v', 'x']], ['c', ['x', 'y']], ['d', ['x']], ['e | `f` @team <b>', ['y', 'z']]]);
  const after = new Map([['a', ['y', 'x']], ['b', ['x']], ['c', ['x', 'z']], ['d', ['z']], ['e | `f` @team <b>', ['z']], ['n', ['w']]]);
  const report: MovedReport = { before: 'main', after: 'the work tree', notes: [], ...compareAnswers([...questions, asked('gone', 'x')], [...questions, asked('n', 'x')], before, after) };
  const text = movedMarkdown(report);

  test('counts what moved, and how well both answer', () => {
    expect(report.sets).toEqual([{ set: 'benchmark', asked: 5, moved: 5, scored: 4, before: { hitAt1: 0.75, hitAt3: 0.75, reciprocal: 3.25 / 4 }, after: { hitAt1: 0.5, hitAt3: 0.75, reciprocal: 2.5 / 4 } }]);
    expect(text).toContain('5 questions asked of both; 5 have other answers among the first three: ▼ 2 worse, ▲ 1 better, = 2 with the expected answer where it was.');
    expect(text).toContain('| benchmark, questions of our own | 5 | 5 | .750 → .500 | .750 | .812 → .625 |'.replace('.812', (3.25 / 4).toFixed(3).slice(1)));
    expect(text).toContain('No longer asked: 1.');
    expect(text).toContain('Asked for the first time: 1, of which 0 find their answer first and 1 not among the first three.');
  });

  test('says worse first, in words and by sign', () => {
    expect(report.moved.map(({ query }) => query)).toEqual(['e | `f` @team <b>', 'a', 'b', 'c', 'd']);
    expect(text).toContain('| ▼ worse: 1st → 2nd | `a` | `x` | `x`, `y` | `y`, `x` |');
    expect(text).toContain('| ▲ better: 4th → 1st | `b` |');
    expect(text).toContain('| = same place: 1st | `c` |');
    expect(text).toContain('| = nothing expected | `d` | none |');
  });

  test('what readers wrote stays text: no cell ends, nobody is mentioned, nothing is a tag', () => {
    expect(text).toContain('| ▼ worse: 1st → not found | `` e ¦ `f` @team <b> `` | `y` |');
  });

  test('a long table is folded, and cut with a count of what was left out', () => {
    const many = { ...report, moved: Array.from({ length: 70 }, () => report.moved[1] ?? report.moved[0]!) };
    expect(movedMarkdown(many)).toMatch(/<details>\n<summary>Moved: 70<\/summary>\n\n\|[\s\S]*\n\n… and 10 more\.\n\n<\/details>/);
    expect(movedMarkdown(many, 20)).toContain('… and 50 more.');
    expect(text).not.toContain('<details>');
  });

  test('says it when nothing moved', () => {
    expect(movedMarkdown({ ...report, moved: [] })).toContain('none has other answers among the first three');
  });
});
