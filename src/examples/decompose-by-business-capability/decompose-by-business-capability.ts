import { moduleOf } from '../modular-monolith/boundaries.ts';
import type { FoundImport } from '../modular-monolith/boundaries.ts';

/** One thing that was asked for, and the files that had to change for it. */
export interface Change { readonly wanted: string; readonly files: readonly string[] }

/** A proposal: which file would belong to which service. */
export interface Cut {
  readonly name: string;
  /** Undefined for what belongs to none, such as the place that puts them together. */
  readonly serviceOf: (file: string) => string | undefined;
}

// #region cuts
/** Services that hold whole modules of the code base, by the name of what the business does. */
export function byCapability(name: string, services: Readonly<Record<string, readonly string[]>>): Cut {
  const owner = new Map(Object.entries(services).flatMap(([service, modules]) => modules.map((module) => [module, service] as const)));
  return { name, serviceOf: (file) => owner.get(moduleOf(file) ?? '') };
}

/** One service for what callers see, one for the rules, one for the tables. */
export const byLayer: Cut = {
  name: 'by layer',
  serviceOf: (file) => {
    if (moduleOf(file) === undefined) return undefined;
    if (file.endsWith('/index.ts')) return 'interface';
    return file.endsWith('/tables.ts') ? 'data' : 'logic';
  },
};
// #endregion cuts

export interface Measured {
  /** Names of the services that the cut would make of these files. */
  readonly services: readonly string[];
  /** Changes that one service makes alone, and those that need several, with their services. */
  readonly inside: number;
  readonly across: readonly { readonly wanted: string; readonly services: readonly string[] }[];
  /** Which service would have to know which: `orders → payments`. */
  readonly crossings: readonly string[];
  /** Services that write in the transaction that was recorded. More than one: what was one commit becomes a saga. */
  readonly commit: readonly string[];
}

// #region measure
/**
 * What a cut would do to work that is known.
 * @param statements of one transaction in SQL, as they were sent
 */
export function measure(cut: Cut, files: readonly string[], changes: readonly Change[], imports: readonly FoundImport[], statements: readonly string[]): Measured {
  const servicesOf = (touched: readonly string[]): string[] =>
    [...new Set(touched.flatMap((file) => cut.serviceOf(file) ?? []))].sort();

  const spread = changes.map(({ wanted, files: touched }) => ({ wanted, services: servicesOf(touched) }));
  const crossings = imports.flatMap(({ file, target }) => {
    const [from, to] = [cut.serviceOf(file), cut.serviceOf(target)];
    return from === undefined || to === undefined || from === to ? [] : [`${from} → ${to}`];
  });
  const written = statements.flatMap((text) => [...text.matchAll(/\b(?:insert into|update|delete from)\s+(\w+)\./gi)].map((match) => match[1]!));
  return {
    services: servicesOf(files),
    inside: spread.filter(({ services }) => services.length === 1).length,
    across: spread.filter(({ services }) => services.length > 1),
    crossings: [...new Set(crossings)].sort(),
    commit: servicesOf(written.map((schema) => `${schema}/tables.ts`)),
  };
}
// #endregion measure

export interface Together {
  readonly services: readonly [string, string];
  /** Changes that touched both. */
  readonly both: number;
  /** Of the changes that touched either, the part that touched both, from 0 to 1. */
  readonly share: number;
}

// #region together
/** Pairs of services that change together, the closest first. Near 1 they are one service with a network inside. */
export function together(cut: Cut, changes: readonly Change[]): Together[] {
  const touched = changes.map(({ files }) => new Set(files.flatMap((file) => cut.serviceOf(file) ?? [])));
  const services = [...new Set(touched.flatMap((each) => [...each]))].sort();
  const pairs = services.flatMap((first, at) => services.slice(at + 1).map((second) => [first, second] as const));
  return pairs.map((pair): Together => {
    const [first, second] = pair;
    const both = touched.filter((each) => each.has(first) && each.has(second)).length;
    const either = touched.filter((each) => each.has(first) || each.has(second)).length;
    return { services: pair, both, share: both / either };
  }).filter(({ both }) => both > 0).sort((a, b) => b.share - a.share);
}
// #endregion together

// #region history
/**
 * Changes from a history: what `git log --no-merges --name-only --format='# %s'` prints. A commit is a poor stand-in for a request;
 * put the number of the ticket first in its subject, and commits of one ticket become one change.
 * @param ticket finds the number in a subject; a commit without one stands alone
 */
export function changesFrom(log: string, ticket: RegExp): Change[] {
  const changes: { wanted: string; files: string[] }[] = [];
  const byTicket = new Map<string, string[]>();
  let files: string[] = [];
  for (const line of log.split('\n')) {
    if (line.startsWith('# ')) {
      const number = line.match(ticket)?.[0];
      const known = number === undefined ? undefined : byTicket.get(number);
      files = known ?? [];
      if (known === undefined) changes.push({ wanted: number ?? line.slice(2), files });
      if (number !== undefined) byTicket.set(number, files);
    } else if (line !== '' && !files.includes(line)) files.push(line);
  }
  return changes;
}
// #endregion history
