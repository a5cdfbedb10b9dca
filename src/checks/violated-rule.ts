/** A rule of the catalogue, which the build refuses as well, with its place in the file and how to mend it. */
import type { ViolatedRule } from '../catalogue/violated-rules.ts';
import type { Violation } from '../catalogue/violations.ts';
import { atKey, atOffset, atValue } from './breach.ts';
import type { ContentTree } from './content-tree.ts';
import type { Breach, Edit, Rule, Said } from './rule.ts';
import { violationsOf } from './violations-of.ts';

interface Words {
  title: string;
  holds?: Rule['holds'];
  /** What to do, in one sentence without a full stop. */
  mend: string | ((violation: Violation) => string);
  /** Where it stands, if not at the value. */
  at?: 'key' | 'top' | 'changes';
  /** Other words than those of the build, where the place in the file makes them shorter. */
  said?: (violation: Violation) => Partial<Pick<Said, 'found' | 'expected'>>;
}

export function violatedRule(id: ViolatedRule, { title, holds = 'always', mend, at, said }: Words): Rule {
  return {
    id,
    title,
    holds,
    async check(tree) {
      return (await violationsOf(tree, id)).map((violation): Breach => {
        const { file, found, expected, nearest } = violation;
        // A file of questions is nothing but its list.
        const key = at === 'changes' ? at : file.startsWith('content/data/questions/') ? violation.key.replace(/^questions\.?/, '') : violation.key;
        const words: Said = { found, expected, ...said?.(violation), nearest, mend: typeof mend === 'string' ? mend : mend(violation), fix: fixOf(tree, violation) };
        if (at === 'top' || key === 'file name') return atOffset(tree, file, 0, words);
        return at === 'key' || at === 'changes' ? atKey(tree, file, key, words) : atValue(tree, file, key, words);
      });
    },
  };
}

/** A key is renamed, a value replaced, where nothing else can have been meant. */
function fixOf(tree: ContentTree, { rule, file, key, meant }: Violation): Edit | undefined {
  if (meant === undefined || key === 'file name') return undefined;
  const places = tree.places(file);
  if (rule !== 'unknown-key') return { file, ...places.value(key), text: meant };
  const renamed = [...key.split('.').slice(0, -1), meant].join('.');
  return places.has(renamed) ? undefined : { file, ...places.key(key), text: meant };
}
