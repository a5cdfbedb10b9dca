/** A contributor works on Linux, macOS or Windows: nothing here may need the shell or the file system of one of them. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { files, places, read } from './repository.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const programs = files.filter((file) => /^(scripts|src|tests)\/.*\.(ts|mjs)$/.test(file) && file !== 'tests/architecture/portability.test.ts');

describe('scripts of package.json', () => {
  const portable = /^(astro (dev|build)|node( --import \.\/[\w/.-]+)? [\w/.-]+\.ts( --?[\w-]+)*)$/;

  test('are one program and its arguments: no shell has to understand more', () => {
    expect(Object.entries(scripts).filter(([, command]) => !portable.test(command))).toEqual([]);
    for (const shell of ['NODE_ENV=test node x.ts', 'rm -rf dist && astro build', "node scripts/x.ts 'a b'", 'bash x.sh', 'node scripts/*.ts', 'node $X.ts']) expect(portable.test(shell), shell).toBe(false);
  });

  test('start files that are there', () => {
    const named = Object.values(scripts).flatMap((command) => command.match(/[\w/.-]+\.(ts|mjs)/g) ?? []).map((file) => file.replace(/^\.\//, ''));
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
  });
});

describe('names of files', () => {
  test('differ by more than their case', () => {
    const seen = new Map(files.map((file) => [file.toLowerCase(), file]));
    expect(files.filter((file) => seen.get(file.toLowerCase()) !== file)).toEqual([]);
  });

  test('are ones that Windows can write, and short enough', () => {
    const refused = /[<>:"|?*\\\u0000-\u001f]|[. ](\/|$)|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i;
    expect(['a:b', 'x./y', 'src/aux.ts', 'NUL'].filter((name) => !refused.test(name))).toEqual([]);
    expect(files.filter((file) => refused.test(file) || file.length > 150)).toEqual([]);
  });
});

describe('programs', () => {
  /** Where a folder of one system is named as one of several places that are looked at. */
  const searches = ['scripts/browser.ts', 'tests/postgres/binaries.ts'];

  test('name no folder of one system', () => {
    expect(programs.filter((file) => !searches.includes(file)).flatMap((file) => places(file, read(file), /['"`]\/(usr|etc|bin|opt|var|dev)\/[^'"`]*/g)).filter((place) => !/passwd/.test(place))).toEqual([]);
  });

  test('start programs without a shell', () => {
    expect(programs.flatMap((file) => places(file, read(file), /\bshell: true|\bexecSync\(|(?<![.\w])exec\(['"`]|['"](bash|sh|cmd|rm|cp|mv|tar|grep|sed|curl)['"]/g))).toEqual([]);
  });

  test('make a path of an address by fileURLToPath, which knows drives and blanks', () => {
    expect(programs.flatMap((file) => places(file, read(file), /new URL\([^()]*import\.meta\.url\)\.pathname/g))).toEqual([]);
  });

  test('give paths below a folder forward slashes in one place', () => {
    expect(programs.flatMap((file) => places(file, read(file), /split\((path\.|nodePath\.)?sep\)/g)).map((place) => place.split(':')[0])).toEqual(['src/catalogue/path-below.ts']);
  });
});

test('text has line ends of Unix in every check-out, whatever core.autocrlf says', () => {
  const asked = spawnSync('git', ['check-attr', '-z', '--stdin', 'eol', 'text'], { input: files.join('\0'), encoding: 'utf8' }).stdout.split('\0');
  const attributes = new Map<string, Record<string, string>>();
  for (let at = 0; at + 2 < asked.length; at += 3) attributes.set(asked[at] ?? '', { ...attributes.get(asked[at] ?? ''), [asked[at + 1] ?? '']: asked[at + 2] ?? '' });
  const isBinary = (file: string): boolean => /\.(png|woff2)$/.test(file);
  expect(files.filter((file) => (isBinary(file) ? attributes.get(file)?.['text'] !== 'unset' : attributes.get(file)?.['eol'] !== 'lf'))).toEqual([]);
});
