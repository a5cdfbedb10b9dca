/** Markdownlint. What other rules hold, or what MDX and the style of the house have otherwise, is switched off. */
import type { Configuration } from 'markdownlint';
import { lint } from 'markdownlint/sync';

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

export function judging(page: string): readonly Lint[] {
  const { text, left } = withoutFrontmatter(page);
  return (lint({ strings: { text }, config })['text'] ?? []).map(({ lineNumber, ruleNames, ruleDescription, errorDetail, errorRange, fixInfo }) => ({
    line: lineNumber + left,
    column: errorRange?.[0] ?? 1,
    id: ruleNames[0] ?? '',
    name: ruleNames[1] ?? '',
    said: `${ruleDescription}${errorDetail === null || errorDetail === '' ? '' : ` (${errorDetail})`}`,
    ...(fixInfo == null ? {} : { fix: { line: (fixInfo.lineNumber ?? lineNumber) + left, column: fixInfo.editColumn ?? 1, deleted: fixInfo.deleteCount ?? 0, inserted: fixInfo.insertText ?? '' } }),
  }));
}

/** Of the frontmatter nothing counts but that there is a title, and a regular expression made for safety would read all of it. */
function withoutFrontmatter(page: string): { text: string; left: number } {
  const [whole, yaml = ''] = /^---\n([\s\S]*?)\n---(?=\n|$)/.exec(page) ?? [];
  if (whole === undefined) return { text: page, left: 0 };
  const short = `---\n${/^title:/m.test(yaml) ? 'title: …' : ''}\n---`;
  return { text: short + page.slice(whole.length), left: whole.split('\n').length - short.split('\n').length };
}
