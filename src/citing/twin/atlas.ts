/** All that a twin can tell: the entries of the catalogue, and what the site cuts from code or computes while it is built. */
import type { Guide, Pattern, Problem, Source, Term, Weighed } from '../../catalogue/schema.ts';

export interface Atlas {
  /** Address, with its host, of a path below the site such as `/patterns/saga/`. */
  absolute: (path: string) => string;
  /** By title; those without a page too. */
  patterns: readonly { slug: string; data: Pattern }[];
  problems: readonly { slug: string; data: Problem }[];
  guides: readonly { slug: string; data: Guide }[];
  sources: ReadonlyMap<string, Source>;
  /** Sets of three or four patterns that are weighed as a whole. */
  comparisons: readonly Weighed[];
  /** The glossary, in the order of the alphabet. */
  terms: readonly Term[];
  /** @throws when file or region does not exist */
  snippet: (file: string, region: string | undefined) => SnippetText;
  /** @throws when the example has no scenario */
  simulation: (example: string) => SimulationText;
  /** The way through what tells how to contribute. */
  contributions: readonly { path: string; title: string; description: string }[];
  /** What a component of the authors takes. @throws when there is none of that name */
  attributes: (component: string) => readonly ComponentAttribute[];
  /** The drawing on the home page. */
  plate: { text: string; problems: readonly string[] };
}

export interface ComponentAttribute {
  name: string;
  type: string;
  isRequired: boolean;
  means: string;
}

export interface SnippetText {
  code: string;
  /** Of the whole file. */
  lines: number;
  /** Of the whole example. */
  tests: number;
}

/** What the figure of a simulation says with its default settings. */
export interface SimulationText {
  title: string;
  comparison: string;
  outcomes: readonly { label: string; text: string }[];
  settings: readonly { label: string; value: string }[];
  tries: readonly { title: string; notice: string; hurts: boolean }[];
  tables: readonly { caption: string; head: readonly string[]; rows: readonly (readonly string[])[] }[];
}

/** A page that somebody wrote. */
export interface WrittenPage {
  /** Below the site, such as `/patterns/saga/`. */
  path: string;
  entry:
    | { kind: 'pattern'; slug: string; data: Pattern }
    | { kind: 'problem'; slug: string; data: Problem }
    | { kind: 'guide'; slug: string; data: Guide }
    | { kind: 'plain'; data: { title: string; description?: string | undefined; borrows?: { pattern: string; problem: string } | undefined } };
  /** MDX below the frontmatter. */
  body: string;
}
