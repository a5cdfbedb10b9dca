// @vitest-environment node
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiagramError } from './diagram-error.ts';
import { examineFence, type Problem } from './examine.ts';
import { findFences } from './fences.ts';
import { DiagramRenderer } from './renderer.ts';

const source = 'flowchart TD\n  accTitle: T\n  accDescr: D\n  a --> b';
let cacheDirectory: string;

beforeAll(async () => {
  cacheDirectory = await mkdtemp(path.join(os.tmpdir(), 'diagrams-'));
});

afterAll(async () => {
  await rm(cacheDirectory, { recursive: true });
});

describe('DiagramRenderer', () => {
  test('draws a text once, and takes it from the disk the next time', async () => {
    const first = new DiagramRenderer({ cacheDirectory, workers: 1 });
    const [one, two] = await Promise.all([first.render(source), first.render(source)]);
    expect(two).toBe(one);
    expect(first.stats).toMatchObject({ drawn: 1, fromCache: 0 });
    await first.close();

    const second = new DiagramRenderer({ cacheDirectory, workers: 1 });
    expect(await second.render(source)).toEqual(one);
    expect(second.stats).toMatchObject({ drawn: 0, fromCache: 1 });
    await second.close();
  });

  test('draws again what a killed process left half-written', async () => {
    const [fingerprint = ''] = await readdir(cacheDirectory);
    const [entry = ''] = await readdir(path.join(cacheDirectory, fingerprint));
    const file = path.join(cacheDirectory, fingerprint, entry);
    await writeFile(file, '{"svg": "<sv');
    const renderer = new DiagramRenderer({ cacheDirectory, workers: 1 });
    expect((await renderer.render(source)).type).toBe('flowchart');
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('type', 'flowchart');
    await renderer.close();
  });

  test('draws on after a thread has ended for want of work', async () => {
    const renderer = new DiagramRenderer({ cacheDirectory: false, workers: 1, idleMs: 1 });
    await renderer.render(source);
    await expect.poll(() => renderer.threads).toBe(0);
    expect((await renderer.render(`${source}\n  b --> c`)).title).toBe('T');
    await renderer.close();
  });

  test('an error names its place and spoils nothing after it', async () => {
    const renderer = new DiagramRenderer({ cacheDirectory: false, workers: 1 });
    const error: unknown = await renderer.render('flowchart TD\n  a --> [').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DiagramError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^syntax error near .*\(found SQS\)$/), place: { line: 2 } });
    expect((await renderer.render(source)).title).toBe('T');
    await renderer.close();
  });
});

describe('examineFence', () => {
  async function problemsOf(files: readonly { file: string; text: string }[]): Promise<Problem[]> {
    const renderer = new DiagramRenderer({ cacheDirectory });
    const examined = await Promise.all(files.flatMap(({ file, text }) => findFences(text).map((fence) => examineFence(file, fence, renderer))));
    await renderer.close();
    return examined.flatMap(({ problems }) => problems);
  }
  const page = (fence: string): string => `---\ntitle: x\n---\n\n\`\`\`mermaid\n${fence}\n\`\`\`\n`;

  test('is content with a good page', async () => {
    expect(await problemsOf([{ file: 'good.mdx', text: page(source) }])).toEqual([]);
  });

  test('names file, line and column of every problem', async () => {
    const problems = await problemsOf([
      { file: 'syntax.mdx', text: page('flowchart TD\n  a --> [x') },
      { file: 'silent.mdx', text: page('flowchart TD\n  accTitle: T\n  a --> b') },
      { file: 'type.mdx', text: page('timeline\n  accTitle: T\n  accDescr: D\n  2001 : x') },
    ]);
    expect(problems).toEqual([
      { file: 'syntax.mdx', line: 7, column: 9, severity: 'error', message: expect.stringContaining('found SQS') },
      { file: 'silent.mdx', line: 5, column: 1, severity: 'error', message: expect.stringMatching(/^found no "accDescr: …"; add/) },
      { file: 'type.mdx', line: 5, column: 1, severity: 'error', message: expect.stringContaining('stateDiagram-v2') },
    ]);
  });

  test('warns of colours and of drawings that no column holds', async () => {
    const chain = Array.from({ length: 9 }, (_, index) => `n${index}[A service with a name]`).join(' --> ');
    const problems = await problemsOf([
      { file: 'wide.mdx', text: page(`flowchart LR\n  accTitle: T\n  accDescr: D\n  ${chain}`) },
      { file: 'loud.mdx', text: page(`${source}\n  style a fill:#bada55`) },
    ]);
    expect(problems.map(({ file, severity }) => `${file} ${severity}`)).toEqual(['wide.mdx warning', 'loud.mdx warning']);
  });
});
