import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import { law, testSupport, testsMay } from './law.ts';
import type { Row } from './law.ts';
import { files, root } from './repository.ts';

const sources = files.filter((file) => /\.(ts|mjs|astro|mdx)$/.test(file) && /^(src|content|scripts|tests|[^/]+$)/.test(file));
const imports = sources.flatMap(importsOf);

describe('the import law', () => {
  test('the reader sees every kind of import', () => {
    expect(imports.find(({ file, target }) => file === 'src/components/examples.ts' && target.startsWith('text:src/examples/'))).toBeDefined();
    expect(imports.find(({ file, target }) => file === 'content/docs/patterns/_template.mdx' && target === 'src/components/index.ts')).toBeDefined();
    expect(imports.find(({ file, target }) => file === 'src/components/Forces.astro' && target === 'src/catalogue/vocabulary.ts')).toBeDefined();
    expect(imports.find(({ file, target }) => file === 'src/catalogue/violations.ts' && target === 'zod'), 'import type').toBeDefined();
    expect(imports.find(({ file, target }) => file === 'scripts/start.ts' && target === 'astro'), 'dynamic import').toBeDefined();
  });

  test('every file that imports has a row', () => {
    expect([...new Set(imports.map(({ file }) => file))].filter((file) => rowOf(file) === undefined)).toEqual([]);
  });

  test('every import is allowed', () => {
    expect(imports.filter((each) => !allowed(each)).map(sentence)).toEqual([]);
  });

  test('test support is imported by tests alone', () => {
    expect(imports.filter(({ file, target }) => testSupport.includes(target) && !testSupport.includes(file) && !/\.test\.ts$|^tests\//.test(file)).map(sentence)).toEqual([]);
  });

  test('every import of our own files names a file that exists, with its ending', () => {
    const missing = imports.filter(({ target }) => /^(text:)?(src|content|scripts|tests)\//.test(target) && !target.includes('*') && !existsSync(join(root, target.replace('text:', ''))));
    expect(missing.map(({ file, line, name }) => `${file}:${line}: "${name}" leads to no file`)).toEqual([]);
  });

  test('nothing is imported in a circle', () => {
    expect(circles(new Map(sources.map((file) => [file, imports.filter((each) => each.file === file).map(({ target }) => target)])))).toEqual([]);
  });

  test('a circle is found and named', () => {
    expect(circles(new Map([['a', ['b']], ['b', ['c']], ['c', ['a']], ['d', ['a']]]))).toEqual(['a → b → c → a']);
  });

  test('a forbidden import is named with file, line and rule', () => {
    const wrong: Import = { file: 'src/finder/rank.ts', line: 3, name: '../catalogue/schema.ts', target: 'src/catalogue/schema.ts' };
    expect(allowed(wrong)).toBe(false);
    expect(sentence(wrong)).toBe('src/finder/rank.ts:3: imports "../catalogue/schema.ts"; src/finder/ may import only own, src/catalogue/names.ts, src/catalogue/vocabulary.ts (tests/architecture/law.ts)');
    expect(allowed({ file: 'src/components/Snippet.astro', line: 1, name: '', target: 'src/examples/clock.ts' }), 'examples reach components as text only').toBe(false);
    expect(allowed({ file: 'src/examples/circuit-breaker/circuit-breaker.ts', line: 1, name: '', target: 'src/examples/virtual-clock.ts' })).toBe(false);
    expect(allowed({ file: 'src/examples/circuit-breaker/circuit-breaker.ts', line: 1, name: '', target: 'src/simulator/index.ts' }), 'only scenarios know the simulator').toBe(false);
    expect(allowed({ file: 'src/examples/circuit-breaker/scenario.ts', line: 1, name: '', target: 'src/simulator/index.ts' })).toBe(true);
    expect(allowed({ file: 'content/docs/index.mdx', line: 1, name: '', target: 'src/catalogue/entries.ts' })).toBe(false);
    expect(allowed({ file: 'src/elements/problem-finder.ts', line: 1, name: '', target: 'zod' })).toBe(false);
  });
});

function rowOf(file: string): Row | undefined {
  return law.filter(({ files: place }) => {
    const start = place.includes('*') ? new RegExp(`^${place.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}`).exec(file)?.[0] : place;
    return place.endsWith('/') ? start !== undefined && file.startsWith(start) : file === start;
  }).sort((a, b) => b.files.length - a.files.length)[0];
}

function allowed({ file, target }: Import): boolean {
  const row = rowOf(file);
  const may = [...row?.may ?? [], ...(file.endsWith('.test.ts') ? [...testsMay, ...row?.testsMay ?? []] : [])];
  const isOurs = /^(text:)?(src|content|scripts|tests|public)\//.test(target);
  return may.some((entry) => {
    if (entry === 'own') return target.replace('text:', '').startsWith(`${dirname(file)}/`);
    if (entry === 'npm') return !isOurs && !/^(node|astro):/.test(target);
    return [target, target.replace('text:', '')].some((each) => (/[/:]$/.test(entry) ? each.startsWith(entry) : each === entry));
  });
}

function sentence({ file, line, name }: Import): string {
  const row = rowOf(file);
  return `${file}:${line}: imports "${name}"; ${row?.files ?? file} may import only ${row?.may.join(', ') || 'nothing'} (tests/architecture/law.ts)`;
}

/** Every circle once, from its first file in the order of the map. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
