import { expect, test } from 'vitest';
import { leadsTo } from './prompt-changes.ts';

interface Module { url: string; importers: Set<Module> }
const module = (url: string, ...importers: Module[]): Module => ({ url, importers: new Set(importers) });
const asked = (...modules: Module[]): boolean => leadsTo(modules as unknown as Parameters<typeof leadsTo>[0], '/ec.config.mjs');

test('finds the configuration that imports a file, by way of others too, and the configuration itself', () => {
  const config = module('/ec.config.mjs?t=1');
  expect(asked(module('/a.ts'), module('/b.ts', module('/c.ts', config)))).toBe(true);
  expect(asked(config)).toBe(true);
  expect(asked(module('/a.ts', module('/not-ec.config.ts')))).toBe(false);
});

test('ends where modules import each other, and where as many ways lead up as no machine could walk', () => {
  const ring = module('/ring.ts');
  ring.importers.add(module('/back.ts', ring));
  let layer = [module('/top-0.ts'), module('/top-1.ts')];
  for (let depth = 0; depth < 60; depth++) layer = [0, 1].map((side) => module(`/${depth}-${side}.ts`, ...layer));
  expect(asked(ring, ...layer)).toBe(false);
});
