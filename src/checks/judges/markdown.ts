/** A thread for markdownlint. What other rules hold, or what MDX and the style of the house have otherwise, is switched off. */
import type { Configuration } from 'markdownlint';
import { lint } from 'markdownlint/sync';
import { judging } from './judging.ts';

export interface Lint {
  /** From 1. */
  line: number;
  column: number;
  /** For example "MD012" and "no-multiple-blanks". */
  id: string;
  name: string;
  said: string;
  fix?: { line: number; column: number; deleted: number; inserted: string };
}

const config: Configuration = {
  default: true,
  MD003: { style: 'atx' },
  MD004: { style: 'dash' },
  MD046: { style: 'fenced' },
  MD048: { style: 'backtick' },
  MD049: { style: 'asterisk' },
  MD050: { style: 'asterisk' },
  ...Object.fromEntries(['MD013', 'MD024', 'MD025', 'MD029', 'MD033', 'MD038', 'MD041', 'MD043', 'MD044', 'MD051', 'MD052', 'MD060'].map((rule) => [rule, false])),
};

await judging<readonly Lint[]>((text) => (lint({ strings: { text }, config })['text'] ?? []).map(({ lineNumber, ruleNames, ruleDescription, errorDetail, errorRange, fixInfo }) => ({
  line: lineNumber,
  column: errorRange?.[0] ?? 1,
  id: ruleNames[0] ?? '',
  name: ruleNames[1] ?? '',
  said: `${ruleDescription}${errorDetail === null || errorDetail === '' ? '' : ` (${errorDetail})`}`,
  ...(fixInfo == null ? {} : { fix: { line: fixInfo.lineNumber ?? lineNumber, column: fixInfo.editColumn ?? 1, deleted: fixInfo.deleteCount ?? 0, inserted: fixInfo.insertText ?? '' } }),
})));
