/** Files that were damaged by chance, the same in each run: every one gets its problems with their places, and none ends the reading of the others. */
import { describe, expect, test } from 'vitest';
import { parseComparisons } from '../../src/catalogue/comparisons.ts';
import { parsePage, parseQuestions, parseSource } from '../../src/catalogue/files.ts';
import { parseGlossary } from '../../src/catalogue/glossary.ts';
import { parseRedirects } from '../../src/catalogue/redirects.ts';
import { describeViolation } from '../../src/catalogue/violations.ts';
import { ContentTree } from '../../src/checks/content-tree.ts';
import { rules } from '../../src/checks/rules.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { RandomStream } from '../../src/simulator/random-stream.ts';
import { root } from '../architecture/repository.ts';

const tree = new ContentTree(root);
const files = tree.files.filter((file) => /^content\/(docs\/.*\.mdx|data\/.*\.yaml|versions\/.*\.md)$/.test(file) && !/\/_/.test(file));
/** Those that judge in threads hand over text and load compilers; what they are asked is cut out of pages by the others. */
const quickRules = rules.filter(({ inThread, id }) => inThread === undefined && id !== 'spelling');

const million = Array.from({ length: 9 }, (_, at) => `m${at}: &m${at} [${Array(9).fill(at === 0 ? 'x' : `*m${at - 1}`).join(', ')}]`).join('\n');
const values = ['1e999', '-0', '.nan', '9'.repeat(400), 'null', 'true', '[1, [2]]', '{a: {b: c}}', '!!binary aGVsbG8=', '!!set {a, b}', '!!js/function "x"', '&who {who: *who}', '*nobody', '"\\ud800"', '"\\0"', '2026-13-41', '|', '>-', '%', '@', '`x`', "'", '__proto__', 'constructor', 'x'.repeat(5_000), '['.repeat(50), `${'['.repeat(2_000)}${']'.repeat(2_000)}`, '<script>alert(1)</script>'];
const lines = ['__proto__: {polluted: true}', 'constructor: x', 'toString: x', '? [a, b]\n: c', '? \n: x', '<<: {title: x}', '---', '...', '\t- tab', '- stray', 'kind: pattern', 'title: Again', million, ': : :', '#', '%YAML 9.9', '\u0000', '\uFEFF', '\u2028', '\uD800'];
const pieces = ['{', '}', '<', '</b>', '<Ref to={', '<Ref to="', '<!--', '-->', '```', '```ts\nconst x: = 1', ':::note', '{(() => { while (true) {} })()}', "import x from 'node:fs';", 'export const a = 1', '[x](/nowhere/#%E0%A4%A)', '[x](javascript:alert(1))', '![](x)', '## ', '{#id}', '<Snippet file="../../../etc/passwd" region="(a+)+$" />', '<Snippet />', '<Constructor />', '<__proto__ />', '\u0000', '\r', '\u202E', '\uD800', '|'.repeat(500), '*'.repeat(500), '> '.repeat(300), '- '.repeat(300)];

describe('a file that was damaged', () => {
  test('is read, or its problems are told, in few words', () => {
    const random = new RandomStream(20261128, 'damages');
    let refused = 0;
    for (let run = 0; run < 600; run++) {
      const file = one(random, files);
      const text = damaged(random, tree.read(file));
      const violations = read(file, text);
      for (const violation of violations) expect(describeViolation(violation).length, `${file}\n${text}`).toBeLessThan(30_000);
      refused += Number(violations.length > 0);
    }
    expect(refused).toBeGreaterThan(200);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('takes none of the others along', async () => {
    const random = new RandomStream(4, 'trees');
    const planted = Object.fromEntries(Array.from({ length: 25 }, () => one(random, files)).map((file) => [file, damaged(random, tree.read(file))]));
    const together = tree.with(planted);
    const { findings, faults } = await runChecks(together, quickRules);
    expect(faults).toEqual([]);
    expect(new Set(findings.map(({ file }) => file)).size).toBeGreaterThan(15);
    for (const { file, line, column, rule } of findings) {
      if (!together.has(file)) continue;
      const there = together.read(file).split('\n')[line - 1];
      expect(there !== undefined && column >= 1 && column <= there.length + 1, `${rule} at ${file}:${line}:${column}`).toBe(true);
    }
  });
});

function read(file: string, text: string): readonly Parameters<typeof describeViolation>[0][] {
  if (file.endsWith('comparisons.yaml')) return parseComparisons(text).violations;
  if (file.endsWith('glossary.yaml')) return parseGlossary(text).violations;
  if (file.endsWith('redirects.yaml')) return parseRedirects(text).violations;
  if (file.startsWith('content/data/questions/')) return parseQuestions(file, text).violations;
  if (file.startsWith('content/data/')) return parseSource(file, text).violations;
  const { page, violations } = parsePage(file, text);
  expect(page === undefined, `${file}: a page, or what is wrong with it`).toBe(violations.length > 0);
  return violations;
}

/** One to three damages; four in five of them in the frontmatter, where the text has one. */
function damaged(random: RandomStream, text: string): string {
  let result = text;
  for (let count = 1 + random.below(3); count > 0; count--) result = once(random, result);
  return result;
}

function once(random: RandomStream, text: string): string {
  const all = text.split('\n');
  const front = all[0] === '---' ? all.indexOf('---', 1) : -1;
  const at = front > 0 && random.chance(0.8) ? random.below(front + 1) : random.below(all.length);
  const line = all[at] ?? '';
  const inBody = front >= 0 && at > front;
  switch (random.below(inBody ? 5 : 9)) {
    case 0: return [...all.slice(0, at), ...all.slice(at + 1)].join('\n');
    case 1: return [...all.slice(0, at), line, ...all.slice(at)].join('\n');
    case 2: return text.slice(0, random.below(text.length));
    case 3: return [...all.slice(0, at), inBody ? one(random, pieces) : one(random, lines), ...all.slice(at)].join('\n');
    case 4: {
      const cut = random.below(line.length + 1);
      return [...all.slice(0, at), line.slice(0, cut) + one(random, pieces) + line.slice(cut), ...all.slice(at + 1)].join('\n');
    }
    case 5: return [...all.slice(0, at), line.replace(/(:\s|-\s).*/, (_, before: string) => before + one(random, values)), ...all.slice(at + 1)].join('\n');
    case 6: return [...all.slice(0, at), `${one(random, ['\t', ' ', '   ', ''])}${line.trimStart()}`, ...all.slice(at + 1)].join('\n');
    case 7: return text.replaceAll('\n', one(random, ['\r\n', '\r', '\n\n']));
    default: return `${one(random, ['\uFEFF', '\u0000', '\uFEFF\uFEFF', ' '])}${text}`;
  }
}

function one<Each>(random: RandomStream, of: readonly Each[]): Each {
  return of[random.below(of.length)] as Each;
}
