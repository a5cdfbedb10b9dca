import type { Rule } from '../rule.ts';
import { violatedRule } from '../violated-rule.ts';

export const ofVersions: readonly Rule[] = [
  violatedRule('version-not-frozen', { title: 'The version of a page is frozen', holds: 'from review on', at: 'key', mend: 'run `npm run freeze` when the page is ready; until then its status is `draft`' }),
  violatedRule('changed-without-version', {
    title: 'A page changes only with a new version',
    at: 'changes',
    mend: 'add an entry with the next version and what is different at the beginning of `changes`, then run `npm run freeze`',
  }),
  violatedRule('version-lost', { title: 'Every version that was published is kept', at: 'key', mend: 'take its file back from git' }),
  violatedRule('frozen-text-changed', { title: 'A frozen text stays as it is', at: 'top', mend: 'take the file back from git: `git checkout main -- <file>`' }),
  violatedRule('version-without-page', { title: 'A frozen version has its page', at: 'top', mend: 'do what is expected; an address that was given out is never lost' }),
];
