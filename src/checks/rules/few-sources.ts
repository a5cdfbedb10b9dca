import type { Entry } from '../../catalogue/schema.ts';
import { atKey } from '../breach.ts';
import type { Breach, Rule } from '../rule.ts';
import { violationsOf } from '../violations-of.ts';

/** How many that somebody opened. */
const least = { pattern: 2, problem: 1, guide: 1 };
const mend = 'open a source that bears on the page, write its file in content/data/sources with the day as `opened`, and add its key';

export const fewSources: Rule = {
  id: 'few-sources',
  title: 'Enough sources were opened: two for a pattern, one for others',
  holds: 'from review on',
  async check(tree) {
    const { sources } = tree.catalogue;
    const opened = tree.pages.flatMap(({ file, data }): Breach[] => {
      if (!isComplete(data)) return [];
      const count = data.sources.filter((key) => sources.get(key)?.opened !== undefined).length;
      return count >= least[data.kind] ? [] : [atKey(tree, file, 'sources', { found: count === 0 ? 'no source that was opened' : 'one source that was opened', expected: `at least ${least[data.kind] === 2 ? 'two' : 'one'}`, mend })];
    });
    // What the schema counts, whether they were opened or not.
    const listed = (await violationsOf(tree, 'few-sources')).map(({ file, found, expected }) => atKey(tree, file, 'sources', { found: `${found} of \`sources\``.replace('1 entries', '1 entry'), expected, mend }));
    return [...listed, ...opened];
  },
};

function isComplete(data: Entry | undefined): data is Entry & { kind: keyof typeof least } {
  return data !== undefined && data.kind in least && 'status' in data && data.status !== 'outline' && data.status !== 'draft';
}
