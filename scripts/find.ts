/** The finder in the terminal: the same ranking as in the browser, from the files, without a build. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CatalogueError } from '../src/catalogue/violations.ts';
import { categories } from '../src/catalogue/vocabulary.ts';
import { explain } from '../src/finder/explain.ts';
import type { Because } from '../src/finder/explain.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../src/finder/fit.ts';
import { answerOf } from '../src/finder/pages.ts';
import type { NotWhen } from '../src/finder/pages.ts';
import { rank } from '../src/finder/rank.ts';
import { openFinder } from './open-finder.ts';

const usage = `Usage:
  npm run --silent find -- "what goes wrong"            the patterns that fit, with because and not-if
  npm run --silent find -- --json "what goes wrong"     {query, fits, results: [{slug, score, because, but}]}
  npm run --silent find -- --batch queries.jsonl        {"id", "ranked": [slug, …]} a line, for lines with "id" and "query"`;

class UsageError extends Error {
  override name = 'UsageError';
}

try {
  console.log(answerTo(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`find: ${error.message}\n\n${usage}`);
    process.exitCode = 2;
  } else if (error instanceof CatalogueError) {
    console.error(`find: ${error.message}`);
    process.exitCode = 1;
  } else throw error;
}

function answerTo(args: string[]): string {
  const { values, positionals } = parsed(args);
  if (values.help) return usage;
  if (values.batch !== undefined) {
    if (values.json || positionals.length > 0) throw new UsageError('--batch takes a file and nothing else');
    const queries = queriesIn(values.batch);
    const { corpus } = openFinder();
    return queries.map(({ id, query }) => JSON.stringify({ id, ranked: rank(corpus, query).patterns.slice(0, 10).map(({ slug }) => slug) })).join('\n');
  }
  if (positionals.length === 0) throw new UsageError('say what goes wrong, in quotes');
  const query = positionals.join(' ');
  return values.json ? asJson(query) : asText(query);
}

function parsed(args: string[]): { values: { json?: boolean | undefined; batch?: string | undefined; help?: boolean | undefined }; positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' }, batch: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function queriesIn(file: string): { id: string; query: string }[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      row = undefined;
    }
    if (row === null || typeof row !== 'object' || !('id' in row) || !('query' in row) || typeof row.id !== 'string' || typeof row.query !== 'string') {
      throw new UsageError(`${file}:${index + 1}: found ${line.slice(0, 80)}; expected an object with the texts "id" and "query"`);
    }
    return [{ id: row.id, query: row.query }];
  });
}

function answers(query: string, most: number) {
  const { corpus, catalogue: { patterns } } = openFinder();
  const ranking = rank(corpus, query);
  const hits = recommended(ranking, most).flatMap((hit) => {
    const source = patterns.find(({ slug }) => slug === hit.slug);
    return source === undefined ? [] : [{ hit, source, fit: fitOf(ranking, hit), ...explain(corpus, ranking, hit, answerOf(source, patterns)) }];
  });
  return { fits: anythingFits(ranking), hits };
}

function asJson(query: string): string {
  const { fits, hits } = answers(query, 10);
  const results = hits.map(({ hit, because, but, terms }) => ({
    slug: hit.slug,
    score: Number(hit.score.toFixed(3)),
    because: becauseLine(because, terms, false),
    but: butLine(but),
  }));
  return JSON.stringify({ query, fits, results }, null, 2);
}

function asText(query: string): string {
  const { fits, hits } = answers(query, 5);
  const heading = fits ? [] : [query.trim() === '' ? 'Nothing to look for: say what goes wrong, in your own words.' : `Nothing in the catalogue fits well.${hits.length > 0 ? ' The closest:' : ''}`];
  return [...heading, ...hits.map(({ source, fit, because, but, terms }) => [
    `${source.data.title}  ·  ${categories[source.data.category].label}  ·  ${fitLabels[fit].toLowerCase()}`,
    `  ${source.data.description}`,
    `  Because  ${becauseLine(because, terms, true)}`,
    `  Not if   ${butLine(but)}`,
    source.data.status === 'outline' ? '  (in preparation)' : `  /patterns/${source.slug}/${source.data.status === 'draft' ? ' (a draft that nobody has reviewed)' : ''}`,
  ].join('\n'))].join('\n\n');
}

function becauseLine(because: Because | undefined, terms: readonly string[], marks: boolean): string {
  const words = terms.map((term) => `"${term}"`).join(', ');
  if (because === undefined) return `your words ${words}`;
  const text = marks ? because.segments.map((segment) => (segment.marked ? `[${segment.text}]` : segment.text)).join('') : because.text;
  return `${text} (your words: ${words})`;
}

function butLine(but: NotWhen | undefined): string {
  return but === undefined ? '' : `${but.when.replace(/\.$/, '')} → ${but.instead}`;
}
