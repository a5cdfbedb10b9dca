/** A decision record to begin with, for each pattern, each problem and each comparison. Its date is the team's to write: no clock is read here. */
import type { APIRoute } from 'astro';
import { patternPages, problemPages } from '../catalogue/entries.ts';
import { comparisonFinding } from '../citing/comparison-finding.ts';
import { decisionRecord } from '../citing/decision-record.ts';
import { patternFinding } from '../citing/pattern-finding.ts';
import { problemFinding } from '../citing/problem-finding.ts';
import { comparedPairs } from './compared-pairs.ts';
import { catalogueFacts } from './facts.ts';

export async function getStaticPaths() {
  const facts = await catalogueFacts();
  return [
    ...(await patternPages()).map(({ slug }) => ({ params: { kind: 'patterns', slug }, props: { record: () => decisionRecord(patternFinding(facts, slug)) } })),
    ...(await problemPages()).map((problem) => ({ params: { kind: 'problems', slug: problem.slug }, props: { record: () => decisionRecord(problemFinding({ ...facts, problems: [problem] }, problem.slug)) } })),
    ...(await comparedPairs()).map(({ name, slugs }) => ({ params: { kind: 'compare', slug: name }, props: { record: () => decisionRecord(comparisonFinding(facts, slugs)) } })),
  ];
}

export const GET: APIRoute = ({ props }) => new Response((props['record'] as () => string)(), { headers: { 'Content-Type': 'text/markdown; charset=utf-8' } });
