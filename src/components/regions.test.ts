import { describe, expect, test } from 'vitest';
import { codeAnchor, cutRegion } from './regions.ts';

const text = `import { x } from './x.ts';

// #region states
  class A {
    // #region inner
    run() {}
    // #endregion inner

  }
// #endregion states
const after = 1;
`;

describe('cutRegion', () => {
  test('cuts the lines of a region, without their common indent and without inner marks', () => {
    expect(cutRegion('a/a.ts', text, 'states')).toBe('class A {\n  run() {}\n\n}');
    expect(cutRegion('a/a.ts', text, 'inner')).toBe('run() {}');
  });

  test('gives the whole file without marks when no region is named', () => {
    expect(cutRegion('a/a.ts', text)).toBe("import { x } from './x.ts';\n\n  class A {\n    run() {}\n\n  }\nconst after = 1;");
  });

  test('a region that is not there is named with those that are', () => {
    expect(() => cutRegion('a/a.ts', text, 'nope')).toThrow('region "nope" not found in src/examples/a/a.ts; it has states, inner. Mark it with "// #region nope" and "// #endregion nope".');
    expect(() => cutRegion('a/a.ts', 'const a = 1;', 'nope')).toThrow('it has no regions');
  });

  test('a region that begins like another is not taken for it', () => {
    expect(() => cutRegion('a/a.ts', text, 'state')).toThrow('region "state" not found');
  });

  test('a region that is not closed is named with its line', () => {
    expect(() => cutRegion('a/a.ts', 'x\n// #region open\ny\n', 'open')).toThrow('region "open" in src/examples/a/a.ts:2 is not closed');
  });

  test('lines may end as on Windows', () => {
    expect(cutRegion('a/a.ts', text.replaceAll('\n', '\r\n'), 'inner')).toBe('run() {}');
  });
});

test('two files of one name have places of their own on the page of the code', () => {
  expect(['saga.ts', 'saga.test.ts', 'orders/index.ts', 'payments/index.ts'].map(codeAnchor)).toEqual(['saga', 'saga-test', 'orders-index', 'payments-index']);
});
