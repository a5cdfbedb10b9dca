import { describe, expect, test } from 'vitest';
import { breaches, importsIn } from './boundaries.ts';
import type { Architecture, Sources } from './boundaries.ts';
import { architecture } from './modules.ts';

const texts: Record<string, string> = import.meta.glob(['./**/*.ts', '!./**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const sources: Sources = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.slice(2), text]));

/** The code base with lines added at the end of one of its files. */
const planted = (file: string, text: string): Sources => ({ ...sources, [file]: `${sources[file] ?? ''}${text}` });
const linesOf = (file: string): number => sources[file]!.split('\n').length - 1;
const found = (given: Sources, by: Architecture = architecture) => breaches(by, given);

describe('the code base', () => {
  test('is read whole: every module that is declared, and what stands beside them', () => {
    expect(new Set(Object.keys(sources).map((file) => file.split('/')[0]))).toEqual(new Set([...Object.keys(architecture.modules), 'boundaries.ts', 'database.ts', 'modules.ts', 'shop.ts']));
    expect(importsIn(sources).filter(({ file }) => file === 'orders/place-order.ts').map(({ target }) => target)).toEqual(['catalogue/index.ts', 'database.ts', 'inventory/index.ts', 'payments/index.ts']);
  });

  test('keeps its borders', () => {
    expect(found(sources)).toEqual([]);
  });
});

describe('a planted mistake is found', () => {
  test('an import past a public face, of a type alone as well', () => {
    const line = linesOf('orders/place-order.ts') + 2;
    const wrong = planted('orders/place-order.ts', "\nimport type { Charge } from '../payments/credit.ts';\n");
    expect(found(wrong)).toEqual([{ rule: 'public face', file: 'orders/place-order.ts', line, found: 'imports payments/credit.ts', mend: 'import payments/index.ts; add there what is missing' }]);
  });

  test('every way to write an import', () => {
    const ways = ["import '../payments/credit.ts';", 'import { charge } from "../payments/credit.ts";', "export * from '../payments/credit.ts';", "const late = await import('../payments/credit.ts');", "import {\n  charge,\n  payIn,\n} from '../payments/credit.ts';"];
    expect(ways.map((way) => found(planted('orders/place-order.ts', way)).map(({ rule }) => rule))).toEqual(ways.map(() => ['public face']));
  });

  test('not in a comment, and not of a package', () => {
    const harmless = "\n// import { charge } from '../payments/credit.ts';\n/* import '../payments/credit.ts';\n */ import { z } from 'zod';\n";
    expect(found(planted('orders/place-order.ts', harmless))).toEqual([]);
  });

  test('the composition root, too, knows public faces alone', () => {
    expect(found(planted('shop.ts', "import { charge } from './payments/credit.ts';\n")).map(({ rule, file }) => [rule, file])).toEqual([['public face', 'shop.ts']]);
  });

  test('a dependency that nobody declared', () => {
    const line = linesOf('inventory/stock.ts') + 1;
    expect(found(planted('inventory/stock.ts', "import type { Product } from '../catalogue/index.ts';\n")))
      .toEqual([{ rule: 'undeclared', file: 'inventory/stock.ts', line, found: 'imports catalogue/index.ts', mend: 'do without catalogue, or declare that inventory depends on it' }]);
  });

  test('a folder that nobody declared', () => {
    expect(found(planted('returns/index.ts', "import type { Orders } from '../orders/index.ts';\n")).map(({ rule, file }) => [rule, file])).toEqual([['undeclared', 'returns/index.ts']]);
  });

  test('a circle, even where both ways are declared', () => {
    const both = { ...architecture, modules: { ...architecture.modules, orders: ['catalogue', 'inventory', 'payments', 'shipping'] } };
    expect(found(planted('orders/index.ts', "import type { Shipping } from '../shipping/index.ts';\n"), both))
      .toEqual([{ rule: 'circle', file: 'shipping/index.ts', line: 3, found: 'orders → shipping → orders', mend: 'let shipping announce what happened, and orders listen' }]);
  });

  test('a circle over three modules, once', () => {
    const three = { modules: { a: ['b'], b: ['c'], c: ['a'] }, shared: [] };
    const circle = { 'a/index.ts': "import '../b/index.ts';", 'b/index.ts': "import '../c/index.ts';", 'c/index.ts': "import '../a/index.ts';" };
    expect(found(circle, three).map(({ rule, file, found: what }) => [rule, file, what])).toEqual([['circle', 'c/index.ts', 'a → b → c → a']]);
  });

  test('an import of the composition root, and a shared file that knows a module', () => {
    expect(found(planted('orders/place-order.ts', "import { openShop } from '../shop.ts';\n")).map(({ rule, mend }) => [rule, mend])).toEqual([['upwards', 'let shop.ts hand over what orders needs']]);
    expect(found(planted('database.ts', "import type { Order } from './orders/index.ts';\n")).map(({ rule, mend }) => [rule, mend])).toEqual([['upwards', 'move what needs orders out of database.ts']]);
  });

  test('a statement and a foreign key over the table of another module', () => {
    const wrong = { ...planted('orders/place-order.ts', '\nconst stolen = `select 1 from orders.line join inventory.stock using (sku)`;\n'), 'shipping/tables.ts': 'export const tables = `create table shipping.parcel (\n  order_id integer references orders.placed\n)`;' };
    expect(found(wrong).map(({ rule, file, found: what, mend }) => [rule, file, what, mend])).toEqual([
      ['foreign table', 'orders/place-order.ts', 'join inventory.stock', 'ask inventory/index.ts'],
      ['foreign table', 'shipping/tables.ts', 'references orders.placed', 'ask orders/index.ts'],
    ]);
  });

  test('a declaration that nothing needs', () => {
    const open = { ...architecture, modules: { ...architecture.modules, payments: ['orders'] } };
    expect(found(sources, open)).toEqual([{ rule: 'unused', file: 'payments/index.ts', line: 1, found: 'payments is declared to depend on orders, and does not', mend: 'take it out of the declaration' }]);
  });
});
