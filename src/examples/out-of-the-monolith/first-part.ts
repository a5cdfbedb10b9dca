import { byCapability, measure } from '../decompose-by-business-capability/decompose-by-business-capability.ts';
import type { Change } from '../decompose-by-business-capability/decompose-by-business-capability.ts';
import { moduleOf } from '../modular-monolith/boundaries.ts';
import type { Architecture, FoundImport } from '../modular-monolith/boundaries.ts';

/** What speaks for taking a module out first, and what against it. */
export interface Candidate {
  readonly module: string;
  /** Modules that import its face: their calls become remote. */
  readonly askedBy: readonly string[];
  /** Modules whose face it imports: it would have to ask back. */
  readonly asks: readonly string[];
  /** It writes in the transaction that was recorded, which would be cut in two. */
  readonly isInCommit: boolean;
  /** Requests that it takes part in, and those of them that it meets alone. */
  readonly requests: number;
  readonly alone: number;
}

// #region candidates
/** The modules of a monolith, the easiest to take out first: outside of the commit, asking nobody, changed alone. */
export function candidates({ modules }: Architecture, imports: readonly FoundImport[], changes: readonly Change[], statements: readonly string[]): Candidate[] {
  const names = Object.keys(modules);
  const each = byCapability('each module', Object.fromEntries(names.map((name) => [name, [name]])));
  const { commit, crossings } = measure(each, [], changes, imports, statements);
  const touched = changes.map(({ files }) => new Set(files.map(moduleOf)));
  return names.map((module): Candidate => {
    const own = touched.filter((each) => each.has(module));
    return {
      module,
      askedBy: names.filter((other) => crossings.includes(`${other} → ${module}`)),
      asks: names.filter((other) => crossings.includes(`${module} → ${other}`)),
      isInCommit: commit.includes(module),
      requests: own.length,
      alone: own.filter(({ size }) => size === 1).length,
    };
  }).sort((a, b) => Number(a.isInCommit) - Number(b.isInCommit)
    || a.asks.length - b.asks.length
    || shareAlone(b) - shareAlone(a));
}
// #endregion candidates

/** What nobody asked to change speaks neither for nor against. */
function shareAlone({ alone, requests }: Candidate): number {
  return alone / Math.max(requests, 1);
}
