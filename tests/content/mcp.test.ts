import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAtlas } from '../../scripts/mcp/atlas.ts';
import { knownPage } from '../../scripts/mcp/known.ts';
import type { KnownPage } from '../../scripts/mcp/known.ts';
import { pageText } from '../../scripts/mcp/page-text.ts';
import type { Pattern } from '../../src/catalogue/schema.ts';
import { isCurrent, isPublished } from '../../src/catalogue/vocabulary.ts';
import { madrViolations } from './madr.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Whoever asks the network anything ends with it; what the server writes to standard error is shown. */
const offline = `data:text/javascript,${encodeURIComponent('import net from "node:net"; import dns from "node:dns"; import dgram from "node:dgram"; const no = () => { console.error("the network was asked"); process.exit(9); }; net.Socket.prototype.connect = no; globalThis.fetch = no; dns.lookup = no; dgram.createSocket = no;')}`;
const atlas = openAtlas(root);
const strangers: Error[] = [];
const client = new Client({ name: 'test', version: '1.0.0' });

beforeAll(async () => {
  // A line on standard output that is no message of the protocol arrives here.
  client.onerror = (error) => strangers.push(error);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: ['--import', offline, join(root, 'scripts/mcp.ts')], cwd: tmpdir() }));
}, 60_000);

afterAll(async () => {
  await client.close();
  expect(strangers).toEqual([]);
});

describe('the server says what it is', () => {
  test('name, version and how to go about it', () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'pattern-atlas', title: 'Pattern Atlas' });
    expect(client.getInstructions()).toContain('when not to use');
  });

  test('four tools that change nothing, each argument described', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['find', 'get', 'compare', 'draft_decision']);
    for (const { name, description, annotations, inputSchema } of tools) {
      expect(description, name).toMatch(/\.$/);
      expect(annotations, name).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(Object.entries(inputSchema.properties ?? {}).filter(([, property]) => !('description' in property)).map(([key]) => `${name}.${key}`)).toEqual([]);
    }
  });
});

describe('find', () => {
  test('names the pattern with because and but, as text and as data', async () => {
    const { text, data } = await called('find', { question: 'customers are charged twice when the client retries', limit: 3 });
    const { fits, results, problems } = data as { fits: boolean; results: { id: string; because: string[]; but: string[]; address: string }[]; problems: { address: string }[] };
    expect(fits).toBe(true);
    expect(results[0]?.id).toBe('idempotency-key');
    expect(results[0]?.because[0]).toContain('charged twice');
    expect(results[0]?.but[0]).toContain('wrong choice if');
    expect(results[0]?.address).toMatch(/^https:\/\/pattern-atlas\.github\.io\/patterns\/idempotency-key\/\d+\.\d+\/$/);
    expect(results.length).toBeLessThanOrEqual(3);
    expect(problems[0]?.address).toContain('/problems/a-retry-repeats-a-side-effect/');
    expect(text).toMatch(/^> customers are charged twice[\s\S]*\n1\. \*\*\[Idempotency Key\]/);
  });

  test('weighs forces: what breaks one that must hold is not among the results', async () => {
    const question = 'one business transaction across several services, half of it was done';
    const ids = async (forces: object): Promise<string[]> => ((await called('find', { question, forces, limit: 10 })).data as { results: { id: string }[] }).results.map(({ id }) => id);
    expect(await ids({})).toContain('saga');
    expect(await ids({ must: ['strong-consistency'] })).not.toContain('saga');
  });

  test('says so when nothing fits', async () => {
    expect((await called('find', { question: 'xqzw vvkplm' })).data).toMatchObject({ fits: false, results: [] });
    expect((await called('find', { question: 'my cat does not eat fish' })).text).toMatch(/^Nothing in the catalogue fits well\. The closest:/);
  });
});

describe('get', () => {
  test('a page by id, name and address, with code, table and simulation resolved', async () => {
    const { text } = await called('get', { id: 'circuit-breaker' });
    expect(text).toMatch(/^---\ntitle: "Circuit Breaker"\n/);
    for (const part of ['pinned: "https://pattern-atlas.github.io/patterns/circuit-breaker/', '```ts', '```mermaid', '## When not to use it', '## Sources']) expect(text).toContain(part);
    expect(text).not.toMatch(/<(Snippet|Simulator|Ref)\b/);
    for (const id of ['Circuit Breaker', 'https://pattern-atlas.github.io/patterns/circuit-breaker/', '/repo/patterns/circuit-breaker/index.md', 'patterns/circuit-breaker', 'Trip switch']) expect((await called('get', { id })).text, id).toBe(text);
  });

  test('a problem and a guide', async () => {
    expect((await called('get', { id: 'an-event-is-lost-after-a-commit' })).text).toContain('What to try, in order');
    expect((await called('get', { id: 'guides/one-slow-service' })).text).toContain('kind: "guide"');
  });

  test('what is known of a pattern whose page is still to be written, which has no version', async () => {
    const [page] = atlas.catalogue.patterns.filter(({ slug }) => slug === 'saga');
    if (page === undefined) throw new Error('there is no saga');
    const known: KnownPage = { kind: 'pattern', slug: 'saga', title: 'Saga', names: [], page: { ...page, data: { ...page.data, status: 'outline' } as Pattern } };
    expect(await pageText(atlas, known)).toMatch(/^# Saga\n[\s\S]*still to be written[\s\S]*## Not when/);
    await expect(pageText(atlas, known, '1.0')).rejects.toThrow('its page is still to be written');
  });

  test('each version as it was kept: the latest says of its neighbours what was true then', async () => {
    const now = readFileSync(join(atlas.root, 'content/versions/patterns/saga/1.0.md'), 'utf8').replace(/^frozen: .*\n/m, '');
    const { known } = knownPage(atlas.pages, 'saga');
    const { data } = known.page;
    if (data.kind !== 'pattern' || !isPublished(data)) throw new TypeError('saga has a page');
    expect((await called('get', { id: 'saga', version: data.changes[0]?.version })).text).toBe(now);
    const later = { ...known, page: { ...known.page, data: { ...data, changes: [{ version: '1.1', date: '2026-12-24', what: 'More of it.' }, { version: '1.0', date: '2026-11-27', what: 'First published.' }] } } };
    const kept = mkdtempSync(join(tmpdir(), 'versions-'));
    const file = join(kept, 'content/versions/patterns/saga/1.0.md');
    await expect(pageText({ ...atlas, root: kept }, later, '1.0')).rejects.toThrow('The text of Saga 1.0 was not kept. The latest is 1.1.');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '---\nfrozen: {"a":1}\ntitle: "Saga"\n---\n\nAs it was.\n');
    expect(await pageText({ ...atlas, root: kept }, later, '1.0')).toBe('---\ntitle: "Saga"\n---\n\nAs it was.\n');
  });
});

describe('compare', () => {
  test('sets patterns side by side, by other names too', async () => {
    const { text } = await called('compare', { patterns: ['saga', 'outbox', 'circuit-breaker'] });
    expect(text).toMatch(/^# Saga · Transactional Outbox · Circuit Breaker\n/);
    expect(text).toContain('| What changes with the pattern | Saga | Transactional Outbox | Circuit Breaker |');
    expect(text).toContain('Saga requires Transactional Outbox:');
  });
});

describe('draft_decision', () => {
  test('writes a record after MADR from a pattern, a comparison, a problem and a question', async () => {
    const drafts: [string, object][] = [
      ['# Use Saga', { patterns: ['saga'] }],
      ['# Use Choreography', { patterns: ['orchestration', 'choreography'], forces: { must: ['many-teams'] }, question: 'How do we book a trip?' }],
      ['# A queue keeps growing', { problem: 'a-queue-keeps-growing' }],
      ['# Use Idempotency Key', { question: 'customers are charged twice when the client retries', forces: { applies: ['costly-side-effect'] } }],
    ];
    for (const [title, given] of drafts) {
      const { text } = await called('draft_decision', { ...given, date: '2026-11-27' });
      expect(madrViolations(text), title).toEqual([]);
      expect(text).toContain(`\ndate: 2026-11-27\n`);
      expect(text).toContain(`\n${title}`);
    }
    expect((await called('draft_decision', { patterns: ['saga'] })).text).toMatch(/\ndate: \d{4}-\d\d-\d\d\n/);
  });
});

describe('what is wrong is said with the way to mend it', () => {
  test.each([
    ['get', { id: 'circut-breaker' }, 'The catalogue has no page "circut-breaker". Nearest: circuit-breaker (Circuit Breaker). To search by what goes wrong, call find.'],
    ['get', { id: 'xqzw' }, 'The catalogue has no page "xqzw". To search by what goes wrong, call find.'],
    ['get', { id: 'saga', version: '9.9' }, /^Saga has no version "9\.9"\. Nearest: \d+\.\d+\. All: .*1\.0\.$/],
    ['get', { id: '/patterns/saga/0.1/' }, /^Saga has no version "0\.1"\. Nearest: \d+\.\d+\./],
    ['get', {}, 'id'],
    ['find', { question: ' ' }, 'say what goes wrong in `question`'],
    ['find', { question: 'x', forces: { must: ['smal-team'] } }, '"smal-team" is no force. Nearest: small-team. All: must-answer-now'],
    ['find', { question: 'x', forces: { must: ['small-team'], not: ['small-team'] } }, 'the force "small-team" stands under "must" and under "not"'],
    ['find', { question: 'x', limit: 99 }, 'limit'],
    ['compare', { patterns: ['saga'] }, 'name 2 to 4 patterns'],
    ['compare', { patterns: ['saga', 'Saga'] }, 'a comparison takes 2 to 4 different patterns'],
    ['compare', { patterns: ['saga', 'a-queue-keeps-growing'] }, 'The catalogue has no pattern "a-queue-keeps-growing".'],
    ['draft_decision', {}, 'give `patterns`, a `problem` or a `question`'],
    ['draft_decision', { question: 'my cat does not eat fish' }, 'name them in `patterns`'],
    ['draft_decision', { problem: 'a-queue-grows' }, 'Nearest: a-queue-keeps-growing (A queue keeps growing)'],
    ['draft_decision', { problem: 'a-queue-keeps-growing', patterns: ['saga'] }, '`problem` stands alone'],
    ['draft_decision', { patterns: ['saga'], question: 'x' }, 'give two to four patterns'],
    ['draft_decision', { patterns: ['saga', 'choreography'], forces: { must: ['strong-consistency', 'no-broker'] } }, 'each of them breaks something that must hold'],
    ['draft_decision', { patterns: ['saga'], date: 'yesterday' }, 'expected a day such as 2026-11-27'],
  ])('%s %j', async (name, given, message) => {
    const { isError, content } = await client.callTool({ name, arguments: given });
    expect([isError, (content as { text: string }[])[0]?.text]).toEqual([true, typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message)]);
  });
});

describe('pages as resources', () => {
  test('every page that is written, under the address of its twin', async () => {
    const { resources } = await client.listResources();
    const { catalogue: { patterns, problems, guides } } = atlas;
    expect(resources.length).toBe([...patterns, ...problems, ...guides].filter(({ data }) => isCurrent(data)).length);
    const [contents] = (await client.readResource({ uri: 'https://pattern-atlas.github.io/patterns/saga/index.md' })).contents;
    expect(contents).toMatchObject({ mimeType: 'text/markdown', text: (await called('get', { id: 'saga' })).text });
    await expect(client.readResource({ uri: 'https://pattern-atlas.github.io/patterns/sagga/index.md' })).rejects.toThrow('Nearest: saga (Saga)');
  });

  test('begun names are completed', async () => {
    const ref = { type: 'ref/resource' as const, uri: 'https://pattern-atlas.github.io/{folder}/{slug}/index.md' };
    expect((await client.complete({ ref, argument: { name: 'folder', value: 'p' } })).completion.values).toEqual(['patterns', 'problems']);
    expect((await client.complete({ ref, argument: { name: 'slug', value: 'circ' }, context: { arguments: { folder: 'patterns' } } })).completion.values).toEqual(['circuit-breaker']);
  });
});

test('as the README starts it, from another folder', async () => {
  const own = new Client({ name: 'test', version: '1.0.0' });
  own.onerror = (error) => strangers.push(error);
  await own.connect(new StdioClientTransport({ command: 'npm', args: ['--prefix', root, 'run', '--silent', 'mcp'], cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '' } }), { timeout: 60_000 });
  expect((await own.listTools()).tools).toHaveLength(4);
  await own.close();
});

async function called(name: string, given: Record<string, unknown> | object): Promise<{ text: string; data: unknown }> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: given as Record<string, unknown> });
  const [first] = content as { type: string; text: string }[];
  expect(isError, first?.text).not.toBe(true);
  return { text: first?.text ?? '', data: structuredContent };
}
