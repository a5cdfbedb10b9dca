/**
 * What a rule is. Each stands in a file of its own, `src/checks/rules/<id>.ts`, is named in `rules.ts`, is explained to its
 * readers in `content/docs/contribute/checks/<id>.mdx`, and is proved by planted mistakes in `tests/checks/<id>.ts`
 * (`export const fixtures: Fixture[]`, see `tests/checks/fixture.ts`). A test misses any of them.
 *
 * A rule looks at the whole tree and reports everything it finds; what is broken in one file hides nothing in another. Packages
 * that take long to load are imported where they are needed: `await import('…')` within `check`.
 */
import type { ContentTree } from './content-tree.ts';

export interface Rule {
  /** kebab-case. */
  id: string;
  /** One line for lists: what it holds. */
  title: string;
  /** Drafts are exempt from rules of completeness, never from those of correctness. */
  holds: 'always' | 'from review on';
  /** It judges in a thread (see `kept-verdicts.ts`) and begins before the others, so that the thread works beside them. */
  inThread?: true;
  check(tree: ContentTree): readonly Breach[] | Promise<readonly Breach[]>;
}

export interface Breach {
  /** Below the repository, with forward slashes. */
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** A phrase without a full stop; the value itself in double quotes. */
  found: string;
  expected: string;
  /** The allowed word nearest to what was found, when one is near. */
  nearest?: string | undefined;
  /** One sentence without a full stop: what to do. */
  mend: string;
  /** What `--fix` does; only where there is one right answer. */
  fix?: Edit | undefined;
}

/** Offsets in the text as `ContentTree.read` gives it. */
export interface Edit { file: string; start: number; end: number; text: string }

export type Said = Omit<Breach, 'file' | 'line' | 'column'>;
