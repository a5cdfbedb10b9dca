/** What the finder costs and how well it answers, on this machine: `npm run bench:finder`. Figures to look at; no test depends on a clock. */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readCatalogue, withoutDrafts } from '../src/catalogue/files.ts';
import { readKinWords } from '../src/catalogue/kin-words.ts';
import { readSynonyms } from '../src/catalogue/synonyms.ts';
import { loadCorpus } from '../src/finder/corpus.ts';
import type { Corpus } from '../src/finder/corpus.ts';
import type { IndexFile } from '../src/finder/index-file.ts';
import { kinTable } from '../src/finder/kin.ts';
import { packIndex } from '../src/finder/pack.ts';
import { rank } from '../src/finder/rank.ts';
import { synonymGroups } from '../src/finder/synonyms.ts';
import { scriptBytes } from './script-weight.ts';

interface Asked { query: string; answers: readonly string[] }

const { patterns, problems, questions } = withoutDrafts(readCatalogue());
const text = JSON.stringify(packIndex({ patterns, problems, synonyms: synonymGroups(readSynonyms()), questions, kin: kinTable(readKinWords()) }));
const [firstLoadMs, corpus] = timed(() => loadCorpus(JSON.parse(text) as IndexFile));
const [loadMs] = timed(() => loadCorpus(JSON.parse(text) as IndexFile));
const sets: [string, readonly Asked[]][] = [['questions of our own', ownQuestions()], ['real questions, unnamed', realQuestions()]];
const everything = sets.flatMap(([, set]) => set);
const [coldMs] = timed(() => rank(corpus, everything[0]?.query ?? ''));
for (const { query } of everything) rank(corpus, query);
const [warmMs] = timed(() => everything.forEach(({ query }) => rank(corpus, query)));

console.log(`index    ${gzipSync(text, { level: 9 }).length} bytes after gzip, ${patterns.length} patterns, ${corpus.postings.size} words`);
console.log(`script   ${existsSync('dist/_astro') ? `${scriptBytes('dist', 'problem-finder', 'ProblemFinder')} bytes after gzip before the first answer` : 'unknown; `npm run build` makes one'}`);
console.log(`load     ${firstLoadMs.toFixed(1)} ms the first time, then ${loadMs.toFixed(1)} ms`);
console.log(`query    ${coldMs.toFixed(1)} ms the first time, then ${(warmMs / everything.length).toFixed(2)} ms on average`);
for (const [name, set] of sets) console.log(`${name.padEnd(24)} ${String(set.length).padStart(4)}   ${scores(corpus, set)}`);

function ownQuestions(): Asked[] {
  return lines<{ query: string; pattern: string }>('tests/finder/queries.jsonl').map(({ query, pattern }) => ({ query, answers: [pattern] }));
}

/** Those that do not name their pattern, and whose answer the catalogue holds. */
function realQuestions(): Asked[] {
  const known = new Set(patterns.map(({ slug }) => slug));
  return lines<{ query: string; names_pattern: boolean; gold: { slug: string; grade: number }[] }>('tests/finder/real-questions.jsonl')
    .filter(({ names_pattern: named }) => !named)
    .map(({ query, gold }) => ({ query, answers: gold.filter(({ slug, grade }) => grade === 3 && known.has(slug)).map(({ slug }) => slug) }))
    .filter(({ answers }) => answers.length > 0);
}

function lines<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Row);
}

function scores(own: Corpus, set: readonly Asked[]): string {
  const places = set.map(({ query, answers }) => rank(own, query).patterns.slice(0, 10).findIndex(({ slug }) => answers.includes(slug)));
  const within = (count: number): number => places.filter((place) => place >= 0 && place < count).length / set.length;
  const reciprocal = places.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (place + 1)), 0) / set.length;
  return `hit@1 ${within(1).toFixed(3)}   hit@3 ${within(3).toFixed(3)}   MRR@10 ${reciprocal.toFixed(3)}`;
}

function timed<Result>(work: () => Result): [ms: number, result: Result] {
  const startMs = performance.now();
  const result = work();
  return [performance.now() - startMs, result];
}
