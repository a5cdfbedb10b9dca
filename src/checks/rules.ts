/** All rules, by id. */
import type { Rule } from './rule.ts';
import { unansweredPattern } from './rules/unanswered-pattern.ts';

export const rules: readonly Rule[] = [
  unansweredPattern,
].sort((a, b) => (a.id < b.id ? -1 : 1));
