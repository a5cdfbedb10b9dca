/** Pages about contributing say what the code says. */
import { describe, expect, test } from 'vitest';
import { problemOutline } from '../../src/checks/outline.ts';
import { files, read } from '../architecture/repository.ts';

const folder = 'content/docs/contribute/';
const pages = files.filter((file) => file.startsWith(folder) && file.endsWith('.mdx'));
const way = pages.filter((file) => /^order: \d+$/m.test(read(file)));

const headingsOf = (text: string): string[] => [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

test('the sections of a pattern page and of a problem page are explained in their order, all of them', () => {
  expect(headingsOf(read(`${folder}pattern-pages.mdx`))).toEqual(['The lead', ...headingsOf(read('content/docs/patterns/_template.mdx'))]);
  expect(headingsOf(read(`${folder}problem-pages.mdx`))).toEqual(problemOutline.headings);
});

test('every page stands on the way through them, but those of single checks', () => {
  expect(pages.filter((file) => !way.includes(file) && !/\/checks\/(?!index)/.test(file))).toEqual([]);
  expect(way.length).toBeGreaterThan(12);
});

describe('what they name exists', () => {
  const named = (pattern: RegExp): [file: string, name: string][] => pages.flatMap((file) => [...read(file).matchAll(pattern)].map(([, name = '']): [string, string] => [file, name]));

  test('commands', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = named(/npm (?:run (?:--silent )?)?(start|test|(?<=run (?:--silent )?)[\w:-]+)/g).filter(([, name]) => name !== '');
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter(([, name]) => scripts[name] === undefined)).toEqual([]);
    const projects = named(/--project (\w+)/g);
    expect(projects.filter(([, name]) => !read('vitest.config.ts').includes(`name: '${name}'`))).toEqual([]);
  });

  test('files and folders', () => {
    const paths = named(/`((?:src|content|tests|scripts)\/[\w/.-]+)`/g);
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter(([, path]) => !files.some((file) => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`)))).toEqual([]);
  });

  test('checks', () => {
    expect(named(/\/contribute\/checks\/([\w-]+)\//g).filter(([, id]) => !files.includes(`${folder}checks/${id}.mdx`))).toEqual([]);
  });
});
