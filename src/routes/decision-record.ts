/** A decision record to begin with, for each pattern and each problem. Its date is the team's to write: no clock is read here. */
import type { APIRoute } from 'astro';
import { knownPatterns, patternPages, problemPages } from '../catalogue/entries.ts';
import { decisionRecord } from '../citing/decision-record.ts';
import { pageWords } from '../citing/page-words.ts';
import { patternFinding } from '../citing/pattern-finding.ts';
import { problemFinding } from '../citing/problem-finding.ts';
import { siteAddress } from '../components/site-address.ts';

export async function getStaticPaths() {
  const [pages, problems] = [await patternPages(), await problemPages()];
  const bodies = new Map(pages.map(({ slug, entry }) => [slug, entry.body ?? '']));
  const patterns = (await knownPatterns()).map((pattern) => ({ ...pattern, words: pageWords(bodies.get(pattern.slug) ?? '') }));
  const facts = { patterns, problems, home: siteAddress };
  return [
    ...pages.map(({ slug }) => ({ params: { kind: 'patterns', slug }, props: { record: decisionRecord(patternFinding(facts, slug)) } })),
    ...problems.map(({ slug }) => ({ params: { kind: 'problems', slug }, props: { record: decisionRecord(problemFinding(facts, slug)) } })),
  ];
}

export const GET: APIRoute = ({ props }) => new Response(String(props['record']), { headers: { 'Content-Type': 'text/markdown; charset=utf-8' } });
