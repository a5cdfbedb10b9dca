/** Lists of the catalogue, as the home page and the pages of lists have them. */
import { pathOf } from '../addresses.ts';
import { relationsAmong } from '../../catalogue/relations.ts';
import { categories, isCurrent, problemGroups, relationKinds } from '../../catalogue/vocabulary.ts';
import type { Category } from '../../catalogue/vocabulary.ts';
import { blocks, bullets, link, numbered, plainLine, table } from '../markdown.ts';
import { listedTitle, pairPath, pairsOf } from '../pairs.ts';
import type { Atlas } from './atlas.ts';
import { patternName, problemName } from './names.ts';

export function finderBox({ absolute }: Atlas): string {
  return `Say what goes wrong, in your own words: ${link('Find by problem', absolute('/find/'))}.`;
}

export function plate(atlas: Atlas): string {
  const named = atlas.plate.problems.flatMap((slug) => atlas.problems.find((problem) => problem.slug === slug) ?? []);
  return blocks('**One shop, and where it goes wrong**', plainLine(atlas.plate.text), numbered(named.map((problem) => problemName(atlas, problem))));
}

export function categoryList(atlas: Atlas): string {
  return bullets((Object.keys(categories) as Category[]).map((category) => {
    const own = written(atlas).filter(({ data }) => data.category === category);
    return `**${link(categories[category].label, atlas.absolute(`/categories/${category}/`))}**: ${plainLine(categories[category].line)}. ${own.map(({ slug }) => patternName(atlas, slug)).join(' · ')}`;
  }));
}

/** Each pattern with its one-line answer and the problems that it answers. */
export function patternList(atlas: Atlas, category: Category): string {
  return bullets(written(atlas).filter(({ data }) => data.category === category).map(({ slug, data }) => {
    const problems = problemsOf(atlas).filter((problem) => problem.data.candidates.some(({ pattern }) => pattern === slug));
    return `${link(data.title, atlas.absolute(pathOf('pattern', slug)))}: ${plainLine(data.description)}${problems.length === 0 ? '' : ` Answers ${problems.map((problem) => problemName(atlas, problem)).join(' · ')}.`}`;
  }));
}

/** Each problem in its group, with what people report. */
export function problemList(atlas: Atlas): string {
  return blocks(...Object.entries(problemGroups).flatMap(([group, label]) => {
    const own = problemsOf(atlas).filter(({ data }) => data.group === group);
    return own.length === 0 ? [] : [`## ${label}`, ...own.map((problem) => blocks(`### ${problemName(atlas, problem)}`, plainLine(problem.data.description), bullets(problem.data.symptoms.map((symptom) => plainLine(symptom)))))];
  }));
}

/** Each problem in its group with the patterns that answer it, those first that are looked to first. */
export function answerList(atlas: Atlas): string {
  return blocks(...Object.entries(problemGroups).flatMap(([group, label]) => {
    const own = problemsOf(atlas).filter(({ data }) => data.group === group);
    const answers = own.map((problem) => `${problemName(atlas, problem)}: ${answersTo(problem.data.candidates).map((pattern) => patternName(atlas, pattern)).join(' · ')}`);
    return own.length === 0 ? [] : [`## ${label}`, bullets(answers)];
  }));
}

function answersTo(candidates: readonly { pattern?: string | undefined }[]): string[] {
  return [...new Set(candidates.flatMap(({ pattern }) => pattern ?? []))];
}

export function guideList(atlas: Atlas): string {
  return numbered(atlas.guides.filter(({ data }) => isCurrent(data)).map(({ slug, data }) => `${link(data.title, atlas.absolute(pathOf('guide', slug)))}: ${plainLine(data.description)} Leads through ${data.patterns.map((pattern) => patternName(atlas, pattern)).join(', ')}.`));
}

/** Each term with what it means. */
export function glossaryList(atlas: Atlas): string {
  return blocks(...atlas.terms.map(({ term, alsoCalled, definition, contested = '', patterns, sources }) => blocks(
    `## ${plainLine(term)}`,
    `${alsoCalled.length === 0 ? '' : `Also called ${plainLine(alsoCalled.join(', '))}. `}${plainLine(definition)}`,
    plainLine(contested),
    patterns.length === 0 ? '' : `See ${patterns.map((slug) => patternName(atlas, slug)).join(', ')}.`,
    sources.length === 0 ? '' : `Source: ${sources.flatMap((key) => atlas.sources.get(key) ?? []).map(({ title, publisher, url }) => `${link(title, url)}, ${plainLine(publisher)}`).join('; ')}.`,
  )));
}

export function pairList(atlas: Atlas): string {
  return bullets(pairEntries(atlas).map(({ title, path, why }) => `${link(title, atlas.absolute(path))}: ${plainLine(why)}`));
}

/** Sets that are weighed as a whole, then two alternatives each, with what one of them says of the other. */
export function pairEntries({ patterns, comparisons }: Atlas): { title: string; path: string; why: string }[] {
  const sets = comparisons.flatMap(({ of, title, deciding }) => {
    const named = of.flatMap((slug) => patterns.find((known) => known.slug === slug)?.data ?? []);
    return named.some(({ status }) => status === 'superseded') ? [] : [{ title: listedTitle(title), path: pairPath(of), why: deciding }];
  });
  return [...sets, ...pairsOf(patterns).flatMap((pair) => {
    const [first, second] = pair.map((slug) => patterns.find((known) => known.slug === slug)?.data);
    if ([first, second].some((data) => data?.status === 'superseded')) return [];
    const why = [first, second].flatMap((data) => data?.relations.find(({ to, as }) => as === 'alternative-to' && pair.includes(to))?.why ?? [])[0] ?? '';
    return [{ title: `${first?.title} or ${second?.title}`, path: pairPath(pair), why }];
  })];
}

/** What the map shows: every relation between patterns that have a page. */
export function relationTable(atlas: Atlas): string {
  const rows = relationsAmong(written(atlas)).map(({ from, as, to, why }) => [patternName(atlas, from), relationKinds[as].label, patternName(atlas, to), plainLine(why)]);
  return blocks(
    `As a picture: ${link('SVG', atlas.absolute('/map/pattern-map.svg'))}, ${link('PNG', atlas.absolute('/map/pattern-map.png'))}.`,
    table(['Pattern', 'Relation', 'Other pattern', 'Why'], rows),
  );
}

function problemsOf({ problems }: Atlas): Atlas['problems'] {
  return problems.filter(({ data }) => isCurrent(data));
}

function written({ patterns }: Atlas): Atlas['patterns'] {
  return patterns.filter(({ data }) => isCurrent(data));
}
