import { describe, expect, test } from 'vitest';
import { CompileError, compileModule } from './example-compiler.ts';
import { isSlip, placeOf } from './error-place.ts';
import { LinkError, link, ParseError } from './module-linker.ts';
import type { Exports } from './module-linker.ts';

const folder = 'src/examples/x';

function run(files: Record<string, string>, provided: Record<string, object> = {}): Exports {
  return link(compiled(files), provided, `${folder}/main.ts`);
}

function compiled(files: Record<string, string>): ReturnType<typeof compileModule>[] {
  return Object.entries(files).map(([name, source]) => compileModule(`${folder}/${name}`, source));
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('modules find each other', () => {
  test('by relative paths, in any order, types erased', () => {
    const files = { 'main.ts': "import { double } from './double.ts';\nimport type { Two } from './double.ts';\nexport const four: Two = double(2 as Two);", 'double.ts': 'export type Two = number;\nexport function double(value: Two): Two { return 2 * value; }' };
    expect(run(files)['four']).toBe(4);
  });

  test('and what is provided, as a whole or by name', () => {
    const provided = { 'src/simulator/index.ts': { plain: String } };
    expect(run({ 'main.ts': "import { plain } from '../../simulator/index.ts';\nimport * as all from '../../simulator/index.ts';\nexport const text = plain(1) + all.plain(2);" }, provided)['text']).toBe('12');
  });

  test('a module runs once, however many import it', () => {
    const files = { 'main.ts': "import { one } from './a.ts';\nimport { two } from './b.ts';\nexport const same = one === two;", 'a.ts': "import { it } from './it.ts';\nexport const one = it;", 'b.ts': "export { it as two } from './it.ts';", 'it.ts': 'export const it = {};' };
    expect(run(files)['same']).toBe(true);
  });

  test('in a circle: what comes later is there when it is used', () => {
    const files = { 'main.ts': "import { odd } from './odd.ts';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\nexport const answer = (): boolean => even(10);", 'odd.ts': "import { even } from './main.ts';\nexport const early = typeof even;\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);" };
    expect((run(files)['answer'] as () => boolean)()).toBe(true);
  });
});

describe('what is wrong is said with its place', () => {
  test('an import that leads nowhere, and what there is', () => {
    const error = thrownBy(() => run({ 'main.ts': "import { a } from './a.ts';\nimport {\n  b,\n} from './bee.ts';\nexport const c = [a, b];", 'a.ts': 'export const a = 1;' }, { 'src/simulator/index.ts': {} }));
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ message: '"./bee.ts" leads to no module; there are "./a.ts", "../../simulator/index.ts"', place: { file: `${folder}/main.ts`, line: 4, column: 8 } });
  });

  test('a package', () => {
    expect(thrownBy(() => run({ 'main.ts': "import _ from 'lodash';\nexport const x = _;" }))).toMatchObject({ message: expect.stringMatching(/^"lodash" leads to no module/) as string, place: { line: 1, column: 15 } });
  });

  test('a name that a module does not export, where it is used', () => {
    const files = { 'main.ts': "import { one, two } from './a.ts';\nexport const both = one + two;", 'a.ts': 'export const one = 1;\nexport const three = 3;' };
    const error = thrownBy(() => run(files));
    expect(error).toMatchObject({ name: 'ReferenceError', message: `${folder}/a.ts exports no "two"; it exports one, three` });
    expect(placeOf(error, compiled(files))).toMatchObject({ file: `${folder}/main.ts`, line: 2, column: 27 });
  });

  test.each([
    ['a missing value', 'const a = 1;\nconst b = ;', 2, 11, 'Unexpected token'],
    ['an open bracket', 'function f( {\n', 2, 1, 'Unexpected token, expected ","'],
    ['an open text', "\n  const s = 'abc\n", 2, 13, 'Unterminated string constant'],
    ['a type without a type', 'const x: = 3;', 1, 10, 'Unexpected token'],
  ])('a mistake in the syntax: %s', (_, source, line, column, message) => {
    const error = thrownBy(() => compileModule(`${folder}/main.ts`, source));
    expect(error).toBeInstanceOf(CompileError);
    expect(error).toMatchObject({ message, place: { file: `${folder}/main.ts`, line, column } });
  });

  test('what only the engine refuses is told before anything runs, with its module', () => {
    const error = thrownBy(() => run({ 'main.ts': 'throw new Error("ran");', 'a.ts': 'let a = 1;\nlet a = 2;' }));
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ message: expect.stringContaining("'a' has already been declared") as string, module: { path: `${folder}/a.ts` } });
  });
});

test.each([
  ['class A { m(): void { this.#c(); } n(): void { const a = 1; let a = 2; } #c(): void {} }', "Identifier 'a' has already been declared"],
  ['class A { m(): void { this.#d(); } #c(): void {} }', "Private field '#d' must be declared in an enclosing class"],
])('a class with private names says what is wrong: %s', (source, message) => {
  expect(thrownBy(() => run({ 'main.ts': source }))).toMatchObject({ message });
});

describe('an error of running code has its place in the source', () => {
  test.each([
    ['on the first line, behind what the compiler puts there', "export const x = (() => { throw new Error('no'); })();", 1, 33],
    ['behind types that were taken out', 'const value: Record<string, number> = {};\nexport const x = (value as Record<string, { y: number }>)[\'q\']!.y;', 2, 65],
    ['behind names that were replaced', "import { one } from './one.ts';\nexport const x = [one, one, one].map((each) => { return each.y.z; });", 2, 64],
    ['behind a template whose parts are empty', 'const a = 1;\nconst b = `${a}${a}`;\nexport const x = (a as unknown as { y: { z: number } }).y.z;', 3, 59],
    ['in a class with types', 'export class A {\n  readonly #b: number = 1;\n  run(c?: string): string {\n    return c.trim() + this.#b;\n  }\n}\nnew A().run();', 4, 14],
  ])('%s', (_, source, line, column) => {
    const files = { 'main.ts': source, 'one.ts': 'export const one = {} as { y: { z: number } };' };
    expect(placeOf(thrownBy(() => run(files)), compiled(files))).toEqual({ file: `${folder}/main.ts`, line, column });
  });

  test('behind a catch block, whose head has grown', () => {
    const files = { 'main.ts': "export const x = (() => { try { throw 1; } catch { return (undefined as unknown as { y: number }).y; } })();" };
    expect(placeOf(thrownBy(() => run(files)), compiled(files))).toMatchObject({ line: 1, column: 99 });
  });

  test('the innermost call counts, and a file named in the message does not', () => {
    const files = { 'main.ts': "import { fail } from './fail.ts';\n\nfail();", 'fail.ts': `export function fail(): never {\n  throw new Error('${folder}/main.ts:9:9');\n}` };
    expect(placeOf(thrownBy(() => run(files)), compiled(files))).toMatchObject({ file: `${folder}/fail.ts`, line: 2 });
  });

  test('what is no error, or came from elsewhere, has none', () => {
    expect(placeOf('text', [])).toBeUndefined();
    expect(placeOf(new Error('elsewhere'), compiled({ 'main.ts': '' }))).toBeUndefined();
  });
});

describe('what a catch block catches is looked at', () => {
  function caughtIn(source: string): unknown[] {
    const modules = compiled({ 'main.ts': source });
    const caught: unknown[] = [];
    link(modules, {}, `${folder}/main.ts`, (error) => caught.push(error));
    return caught.map((error) => isSlip(error, modules));
  }

  test('a slip of the pen is one, whatever the head of the block looks like', () => {
    expect(caughtIn('try { (1 as unknown as () => void)(); } catch {}\ntry { (undefined as unknown as { a: 1 }).a; } catch (error) { void error; }\ntry {\n  missing();\n} catch(e){ void e }\ndeclare const missing: () => void;')).toEqual([true, true, true]);
  });

  test('an endless recursion is one', () => {
    expect(caughtIn('const f = (): number => f() + 1;\ntry { f(); } catch {}')).toEqual([true]);
  });

  test('what code throws itself is none, nor is what is no error', () => {
    expect(caughtIn("try { throw new RangeError('no'); } catch {}\ntry { throw new Error('no'); } catch {}\ntry { throw 1; } catch {}")).toEqual([false, false, false]);
  });
});
