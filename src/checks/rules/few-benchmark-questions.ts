import { atKey } from '../breach.ts';
import type { Rule } from '../rule.ts';

const file = 'tests/finder/queries.jsonl';
const least = 3;

export const fewBenchmarkQuestions: Rule = {
  id: 'few-benchmark-questions',
  title: 'Three questions of the benchmark ask for each pattern',
  holds: 'from review on',
  check(tree) {
    const asked = new Map<string, number>();
    for (const [, slug = ''] of tree.has(file) ? tree.read(file).matchAll(/"pattern":\s*"([^"]+)"/g) : []) asked.set(slug, (asked.get(slug) ?? 0) + 1);
    return tree.catalogue.patterns.filter(({ slug, data }) => data.status !== 'draft' && data.status !== 'superseded' && (asked.get(slug) ?? 0) < least).map(({ slug, file: page }) => atKey(tree, page, 'title', {
      found: `${asked.get(slug) ?? 0} question${asked.get(slug) === 1 ? '' : 's'} for "${slug}" in ${file}`,
      expected: `at least ${least}`,
      mend: `add lines such as {"id":"${slug}-1","query":"what somebody asks who does not know the name","pattern":"${slug}"}, in other words than the page`,
    }));
  },
};
