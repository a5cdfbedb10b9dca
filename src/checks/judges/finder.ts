/** The finder, which makes its index of the catalogue and looks up every symptom. */
import { claimId } from '../../finder/claims.ts';
import { loadCorpus } from '../../finder/corpus.ts';
import { noEvidence } from '../../finder/evidence.ts';
import { kinTable } from '../../finder/kin.ts';
import { packIndex } from '../../finder/pack.ts';
import { rank } from '../../finder/rank.ts';
import type { SynonymGroup } from '../../finder/synonyms.ts';
import type { FinderInput, Found } from '../finder-input.ts';

export function judging(text: string): Found {
  const { patterns, problems, questions, synonyms, kin } = JSON.parse(text) as FinderInput & { synonyms: SynonymGroup[] };
  const corpus = loadCorpus(packIndex({ patterns, problems, synonyms, questions: new Map(questions), kin: kinTable(kin) }));
  const firstThree = (query: string): string[] => rank(corpus, query).patterns.slice(0, 3).map(({ slug }) => slug);
  return {
    patterns: Object.fromEntries(patterns.map(({ slug, data }) => [slug, data.symptoms.map((symptom) => firstThree(symptom)[0] ?? '')])),
    problems: Object.fromEntries(problems.map(({ slug, data }) => [slug, data.symptoms.map((symptom) => {
      const candidates = data.candidates.flatMap(({ pattern }) => pattern ?? []);
      const claim = { id: claimId(slug, symptom), kind: 'symptom' as const, text: symptom, problem: slug, patterns: candidates };
      return { said: firstThree(symptom), confirmed: rank(corpus, '', { ...noEvidence, claims: [{ holds: true, claim }] }).patterns.slice(0, 3).map((hit) => hit.slug) };
    })])),
  };
}
