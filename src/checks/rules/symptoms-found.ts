/** What the finder makes of symptoms. */
import { atValue } from '../breach.ts';
import { foundBySymptoms } from '../finder-input.ts';
import type { Breach, Rule } from '../rule.ts';

export const symptomFindsAnother: Rule = {
  id: 'symptom-finds-another',
  title: 'A symptom finds its own pattern first',
  holds: 'from review on',
  async check(tree) {
    const { patterns } = await foundBySymptoms(tree);
    return tree.catalogue.patterns.filter(({ data }) => data.status !== 'draft' && data.status !== 'superseded').flatMap(({ slug, file, data }) => data.symptoms.flatMap((symptom, index): Breach[] => {
      const first = patterns[slug]?.[index];
      return first === slug ? [] : [atValue(tree, file, `symptoms.${index}`, {
        found: `"${symptom}", which finds ${first || 'nothing'} first`,
        expected: `words that find ${slug} first`,
        mend: 'say what only this problem looks like, or let a problem page tell the two apart',
      })];
    }));
  },
};

export const symptomFindsNoCandidate: Rule = {
  id: 'symptom-finds-no-candidate',
  title: 'A symptom of a problem finds one of its candidates',
  holds: 'from review on',
  async check(tree) {
    const { problems } = await foundBySymptoms(tree);
    return tree.catalogue.problems.filter(({ data }) => data.status !== 'draft' && data.status !== 'superseded').flatMap(({ slug, file, data }) => {
      const candidates = data.candidates.flatMap(({ pattern }) => pattern ?? []);
      return candidates.length === 0 ? [] : data.symptoms.flatMap((symptom, index): Breach[] => {
        const { said = [], confirmed = [] } = problems[slug]?.[index] ?? {};
        const without = [said, confirmed].find((found) => !found.some((each) => candidates.includes(each)));
        return without === undefined ? [] : [atValue(tree, file, `symptoms.${index}`, {
          found: `"${symptom}", which finds ${without.join(', ') || 'nothing'} when it is ${without === said ? 'typed' : 'confirmed'}`,
          expected: `one of ${candidates.join(', ')} among the first three`,
          mend: 'sharpen its words, or add the pattern that it finds to the candidates',
        })];
      });
    });
  },
};
