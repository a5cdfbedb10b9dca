/** Findings for programs. A key that stands here keeps its name and its meaning; new ones may join. */
import { checkAddress } from '../catalogue/violations.ts';
import type { Fault, Finding, Mending } from './run-checks.ts';

export interface JsonReport {
  /** Of this shape. */
  version: 1;
  /** By file and place. */
  problems: readonly JsonProblem[];
  /** What --fix wrote. */
  mended: readonly { file: string; edits: number }[];
  /** Rules that failed themselves; what they would have found is not known. */
  faults: readonly Fault[];
  rules: number;
  files: number;
}

export interface JsonProblem {
  rule: string;
  /** Below the repository, with forward slashes. */
  file: string;
  /** From 1; the column in UTF-16 units. */
  line: number;
  column: number;
  found: string;
  expected: string;
  nearest: string | null;
  mend: string;
  /** Whether --fix mends it. */
  mendable: boolean;
  url: string;
}

export function asJson(findings: readonly Finding[], faults: readonly Fault[], mended: readonly Mending[], looked: { files: number; rules: number }): JsonReport {
  return {
    version: 1,
    problems: findings.map(({ rule, file, line, column, found, expected, nearest, mend, fix }) => ({ rule, file, line, column, found, expected, nearest: nearest ?? null, mend, mendable: fix !== undefined, url: checkAddress(rule) })),
    mended: mended.map(({ file, edits }) => ({ file, edits })),
    faults,
    rules: looked.rules,
    files: looked.files,
  };
}
