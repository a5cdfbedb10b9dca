/** What an editor says of the frontmatter while somebody types: schemas that Astro writes from ours, read by its language server. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesBelow } from '../../src/catalogue/files.ts';
import { read, root } from '../architecture/repository.ts';
import { LanguageServer } from './language-server.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

function schemaOf(collection: string): object {
  return JSON.parse(readFileSync(join(root, '.astro/collections', `${collection}.schema.json`), 'utf8')) as object;
}

function frontmatterOf(file: string): Record<string, unknown> {
  return parse(/^---\n([\s\S]*?)\n---/.exec(read(file).replaceAll('\r\n', '\n'))?.[1] ?? '') as Record<string, unknown>;
}

function lineOf(text: string, beginning: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(beginning));
}

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/astro/bin/astro.mjs', 'sync'], { cwd: root, encoding: 'utf8', env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } });
  expect(status, `${stdout}${stderr}`).toBe(0);
});

describe('the schemas', () => {
  const ajv = new Ajv2020({ strict: false, logger: false });
  addFormats.default(ajv);

  test('take the frontmatter of every page, and no other', () => {
    const fits = ajv.compile(schemaOf('docs'));
    const pages = filesBelow(root, 'content/docs', '.mdx').filter((file) => frontmatterOf(file)['status'] !== 'outline');
    expect(pages.filter((file) => !fits(frontmatterOf(file)))).toEqual([]);
    expect(fits({ ...frontmatterOf(saga), category: 'dat' })).toBe(false);
    expect(fits({ ...frontmatterOf(saga), symptoms: [] })).toBe(false);
  });

  test('take every source, and no other', () => {
    const fits = ajv.compile(schemaOf('sources'));
    const sources = filesBelow(root, 'content/data/sources', '.yaml');
    expect(sources.filter((file) => !fits(parse(read(file))))).toEqual([]);
    expect(fits({ ...parse(read(sources[0] ?? '')) as object, kind: 'blog' })).toBe(false);
  });

  test('stand where the settings of the editor look for them', () => {
    const { 'yaml.schemas': schemas, 'astro.content-intellisense': isOn } = JSON.parse(read('.vscode/settings.json')) as { 'yaml.schemas': Record<string, string>; 'astro.content-intellisense': boolean };
    expect(isOn).toBe(true);
    expect(Object.keys(schemas).filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

describe('an editor', () => {
  const text = read(saga).replace('\ncategory: data\n', '\ncategory: dat\nsymptons: []\n');
  let server: LanguageServer;
  beforeAll(async () => {
    server = new LanguageServer(root);
    await server.begin();
    server.open(saga, text);
  });
  afterAll(() => server.end());

  test('explains the field under the pointer', async () => {
    expect(await server.hover(saga, { line: lineOf(text, 'symptoms:'), character: 2 })).toContain('what a tired on-call engineer would say');
  });

  test('completes the fixed words', async () => {
    expect(await server.completions(saga, { line: lineOf(text, 'category:'), character: 'category: '.length })).toEqual(expect.arrayContaining(['data', 'decomposition', 'integration', 'observability', 'resilience']));
  });

  test('underlines what does not fit', async () => {
    expect(await server.underlined(saga)).toEqual([
      `${lineOf(text, 'category:') + 1}: ${'Value is not accepted. Valid values: "decomposition", "integration", "data", "resilience", "observability".'}`,
      `${lineOf(text, 'symptons:') + 1}: Property symptons is not allowed.`,
    ]);
  });
});
