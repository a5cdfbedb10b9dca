import { importsIn } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';

// #region callers
export interface Callers {
  /** They use the old code directly and are not on the list: nobody may begin to. */
  readonly added: readonly string[];
  /** They are on the list and no longer use it: take them off, so that they cannot come back. */
  readonly moved: readonly string[];
}

/** A list that only gets shorter. When it is empty, the abstraction has all callers. */
export function callersOf(old: string, sources: Sources, { listed, behind }: { listed: readonly string[]; behind: readonly string[] }): Callers {
  const direct = new Set(importsIn(sources).filter(({ file, target }) => target === old && !behind.includes(file)).map(({ file }) => file));
  return { added: [...direct].filter((file) => !listed.includes(file)), moved: listed.filter((file) => !direct.has(file)) };
}
// #endregion callers
