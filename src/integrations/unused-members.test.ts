import { expect, test } from 'vitest';
import { withoutUnusedMembers } from './unused-members.ts';

/** Without the blanks that are left where something stood. */
const pruned = (code: string): string => withoutUnusedMembers(code).replace(/\s+/g, ' ');

test('a method that nothing names goes, and with it what only it has named', () => {
  expect(pruned('class A { #n = 0; go() { return 1; } stop() { return this.#halt(); } #halt() { return this.wait + this.#n; } get wait() { return 2; } } new A().go();'))
    .toBe('class A { go() { return 1; } } new A().go();');
});

test('a method stays if any object is asked for it, by its name, in a pattern or by a text', () => {
  for (const use of ['x.go()', 'x?.go', 'const { go } = x', 'const { go: y } = x', 'x["go"]', 'x[`go`]', 'x[`${y} go`]', 'y({ go: 1 })']) expect(withoutUnusedMembers(`class A { go() {} } ${use}`), use).toContain('go() {}');
});

test('what an engine calls by itself stays, and so does what is computed or has an effect', () => {
  const code = 'class A { constructor() {} then() {} [Symbol.iterator]() {} effect = y(); static { y(); } } new A();';
  expect(withoutUnusedMembers(code)).toBe(code);
});

test('private names of two classes are two names', () => {
  expect(pruned('class A { #x = 1; } class B { #x = 1; go() { return this.#x; } } new B().go();')).toBe('class A { } class B { #x = 1; go() { return this.#x; } } new B().go();');
});

test('a constant loses the properties that nothing reads', () => {
  expect(pruned('const texts = { one: `1`, two: `2`, three: () => y() }; y(texts.two, other.one);')).toBe('const texts = { two: `2`, }; y(texts.two, other.one);');
});

test('a parameter of the same name is another thing, a variable may be', () => {
  for (const [parameter, use] of [['texts', 'texts'], ['{ texts }', 'texts.two'], ['{ a: [texts = 1] }', 'texts'], ['...texts', 'texts']]) expect(withoutUnusedMembers(`const texts = { one: 1, two: 2 }; const f = (${parameter}) => ${use}; texts.two;`), parameter).not.toContain('one');
  for (const parameter of ['{ texts: a }', 'a = texts', '{ a = texts }']) expect(withoutUnusedMembers(`const texts = { one: 1, two: 2 }; const f = (${parameter}) => texts; texts.two;`), parameter).toContain('one');
});

test('an object keeps all its properties where somebody else may read them, or they are more than values', () => {
  for (const use of ['y(texts)', 'texts[y]', 'texts.two = 1', 'delete texts.two', 'y({ texts })', 'y({ ...texts })', 'const { two } = texts']) expect(withoutUnusedMembers(`const texts = { one: 1, two: 2 }; ${use};`), use).toContain('one: 1');
  expect(withoutUnusedMembers('const texts = { one: y(), two: 2 }; texts.two;')).toContain('one: y()');
  expect(withoutUnusedMembers('const texts = { one: 1, ...y }; texts.two;')).toContain('...y');
});

test('says where a program does not parse', () => {
  expect(() => withoutUnusedMembers('class {')).toThrow(SyntaxError);
});
