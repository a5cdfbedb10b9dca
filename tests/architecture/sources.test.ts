import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, places, read } from './repository.ts';

const code = files.filter((file) => /\.(ts|mjs|astro|css)$/.test(file) && !file.includes('.generated.'));
const text = files.filter((file) => !/\.(woff2|png|ico)$/.test(file));
const tests = files.filter((file) => file.endsWith('.test.ts'));
/** Examples of pages that nobody has reviewed: their program may still be to be written, and their test may wait for it. */
const drafts = new Set(files.flatMap((file) => (/^content\/docs\/(patterns|guides)\/.*\.mdx$/.test(file) && /^status: draft$/m.test(read(file)) ? [basename(file, '.mdx')] : [])));
const isBegun = (file: string): boolean => drafts.has(/^src\/examples\/([^/]+)\//.exec(file)?.[1] ?? '');

/** Words are put together here, so that this file does not find itself. */
const word = (...parts: string[]): string => parts.join('');

describe('examples take time and chance from outside', () => {
  const examples = files.filter((file) => file.startsWith('src/examples/') && file.endsWith('.ts') && file !== 'src/examples/clock.ts');
  const clocks = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|(?<![.\w])(setTimeout|setInterval|setImmediate)\((?!callback: )|\bMath\.random\(|\bAbortSignal\.timeout\b/g;

  test('no file outside clock.ts reads a clock, sets a timer or draws a number of its own', () => {
    expect(examples.flatMap((file) => places(file, withoutComments(read(file)), clocks))).toEqual([]);
  });

  test('each way around the clock would be found', () => {
    const ways = ['Date.now()', 'new Date()', 'performance.now()', 'setTimeout(f, 1)', 'setInterval(f, 1)', 'Math.random()', 'AbortSignal.timeout(1)'];
    expect(ways.filter((way) => places('x.ts', `const x = ${way};`, clocks).length === 0)).toEqual([]);
    expect(places('x.ts', 'clock.setTimeout(f, 1); // never Date.now()', clocks)).toHaveLength(1);
    expect(places('x.ts', withoutComments('clock.setTimeout(f, 1); // never Date.now()'), clocks)).toEqual([]);
  });
});

describe('names and sizes', () => {
  test('no file or folder is called after nothing in particular', () => {
    expect(files.filter((file) => file.split('/').some((part) => /^(utils?|helpers?|common|misc|libs?)(\.|$)/.test(part)))).toEqual([]);
  });

  test('files are kebab-case, components PascalCase', () => {
    const shapes: [ending: RegExp, shape: RegExp][] = [
      [/\.(ts|mjs|css|mdx|yaml|svg)$/, /^_?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/],
      [/\.astro$/, /^[A-Z][A-Za-z0-9]*\.astro$/],
    ];
    expect(files.filter((file) => !/^(\.github|public)\//.test(file) && shapes.some(([ending, shape]) => ending.test(file) && !shape.test(basename(file))))).toEqual([]);
  });

  test('a file of more than 250 lines, or 500 of tests, says why in a comment that begins "Longer than …:"', () => {
    const tooLong = (file: string): boolean => read(file).split('\n').length - 1 > (file.endsWith('.test.ts') ? 500 : 250);
    expect(code.filter((file) => tooLong(file) && !/Longer than (250|500) lines:/.test(read(file)))).toEqual([]);
  });

  test('tests of examples are plain calls, one a line: a page says how many there are', () => {
    expect(tests.filter((file) => file.startsWith('src/examples/')).flatMap((file) => places(file, read(file), /\b(?:test|it|describe)\.(?:each|for|skip|only|todo|concurrent)\b/g))).toEqual([]);
  });

  test('nothing but configuration has a default export', () => {
    expect(code.filter((file) => file.endsWith('.ts') && !/^[^/]+\.config\.ts$/.test(file) && !file.endsWith('.d.ts'))
      .flatMap((file) => places(file, read(file), /^export default .*/gm))).toEqual([]);
  });

  test('the compiler is not silenced, and no type is left open', () => {
    const silenced = new RegExp(`@ts-(nocheck|ignore)|(:|\\bas|<|\\|) *${word('a', 'ny')}\\b(?=[\\s,;>)\\]}=[])`, 'g');
    expect(code.filter((file) => /\.(ts|astro)$/.test(file)).flatMap((file) => places(file, withoutComments(read(file)).replaceAll(/'[^'\n]*'|`[^`]*`|<[a-z][^>]*>[^<]*/g, ''), silenced))).toEqual([]);
  });
});

describe('addresses of the site', () => {
  /** A literal that begins at the root of the site; /src/ is Vite's, while it builds. */
  const rooted = /['"`]\/(?!src\/)[a-z][\w-]*[/.]/;
  const bare = (line: string): boolean => rooted.test(line) && !/\b(link|fromRoot)\(/.test(line);

  test('get the base of the site where a script makes them: by link(…) or fromRoot(…)', () => {
    const elements = files.filter((file) => /^src\/elements\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'));
    expect(elements.flatMap((file) => withoutComments(read(file)).split('\n').flatMap((line, index) => (bare(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])))).toEqual([]);
    expect(bare("location.href = '/find/';")).toBe(true);
    expect(bare('fetch(fromRoot(`/examples/${slug}.json`))')).toBe(false);
  });
});

describe('what stands in no file', () => {
  test('no path of a machine', () => {
    const folders = ['work', 'tmp', 'root', 'farm', 'Users'].map((folder) => word('/', folder, '/'));
    const machine = new RegExp(`(?<![\\w.:/-])(${folders.join('|')}|${word('/ho', 'me/')}[a-z]+/|[A-Z]:\\\\\\w)`, 'g');
    expect(places('x', word("'/wo", "rk/x'"), machine)).toHaveLength(1);
    expect(text.flatMap((file) => places(file, read(file), machine))).toEqual([]);
  });

  test('no host of a package registry', () => {
    const configured = process.env['npm_config_registry'];
    const named = [word('registry.', 'npm'), word('npm', 'js.org'), ...(configured === undefined ? [] : [new URL(configured).host])];
    const hosts = new RegExp(named.map((host) => host.replaceAll('.', '\\.')).join('|'), 'g');
    expect(text.flatMap((file) => places(file, read(file), hosts))).toEqual([]);
    expect(places('package-lock.json', read('package-lock.json'), /"resolved": "http.*/g)).toEqual([]);
  });

  test('no unfinished work', () => {
    const unfinished = new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('X', 'XX')}|${word('lorem ', 'ipsum')})\\b`, 'g');
    expect(text.filter((file) => file !== 'package-lock.json').flatMap((file) => places(file, read(file), unfinished))).toEqual([]);
  });

  test('no test that does not run, and none that is expected to fail but of a draft', () => {
    expect(tests.flatMap((file) => places(file, withoutComments(read(file)), /\b(test|it|describe)\.(skip|only|todo|skipIf|runIf)\b/g))).toEqual([]);
    expect(tests.filter((file) => !isBegun(file)).flatMap((file) => places(file, withoutComments(read(file)), /\b(test|it|describe)\.fails\b/g))).toEqual([]);
  });
});

/** Whoever asks for every reviewed page shows what was superseded as well: each has a reason. */
const keepsSuperseded: Record<string, string> = {
  'src/components/Plate.astro': 'takes the colour of a category', 'src/components/Related.astro': 'leaves it out of the drawing, but for its own page', 'src/components/overrides/head-tags.ts': 'leads back to the category',
  'src/routes/atlas.ts': 'tells its twin', 'src/routes/card-pages.ts': 'keeps its card', 'src/routes/changes.ts': 'tells what was published', 'src/routes/cited-pages.ts': 'keeps its citation', 'src/routes/code-pages.ts': 'keeps its code',
  'src/routes/decision-record.ts': 'keeps its record', 'src/routes/facts.ts': 'is compared at old addresses', 'src/routes/finder-answer.ts': 'takes words of pages that are found', 'src/routes/finder-index.ts': 'leaves it out itself',
  'src/routes/neighbours.ts': 'keeps its drawing', 'src/routes/page-list.ts': 'finds who mistypes its address', 'src/routes/pinned-pages.ts': 'keeps its versions', 'src/routes/previews.ts': 'keeps its picture', 'src/routes/written-pages.ts': 'keeps its twin',
};

test('lists ask for listed pages; every page is asked for only to keep an address', () => {
  const asking = files.filter((file) => /^src\/(components|routes)\//.test(file) && /\b(patternPages|problemPages|guidePages)\b/.test(read(file)));
  expect(asking).toEqual(Object.keys(keepsSuperseded).sort());
});

describe('examples are counted', () => {
  test('their tests are plain calls of test(…) on lines of their own, not tables and not loops', () => {
    const examples = tests.filter((file) => file.startsWith('src/examples/'));
    expect(examples.flatMap((file) => places(file, withoutComments(read(file)), /\b(test|it)\.(?!fails\b)\w+\(|(?<![.\w])it\(|^.*\S.*(?<![.\w])test\((?=['"`])|\b(for|forEach)\b[^\n]*\n\s*test\(/gm))).toEqual([]);
  });
});

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' ')).replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
}
