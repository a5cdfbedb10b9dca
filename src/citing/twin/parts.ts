/** What stands in a twin where a page has one of the authors' words. */
import type { Pattern, Problem } from '../../catalogue/schema.ts';
import { finderBox, categoryList, plate } from './list-parts.ts';
import { pathOf } from '../addresses.ts';
import type { Atlas, WrittenPage } from './atlas.ts';
import { contributionList, fieldList, specimen, wordList } from './contribution-parts.ts';
import { lab, simulation, snippet } from './example-parts.ts';
import { libraries, related, tradeOffs, useWhen, weighedForces } from './pattern-parts.ts';
import { reports, tellApart } from './problem-parts.ts';
import type { Inside } from './plain-markdown.ts';
import type { References } from './references.ts';

type Attributes = Readonly<Record<string, string>>;
export type Part = (attributes: Attributes, inside?: Inside) => string;

export function partsOf({ path, entry }: WrittenPage, atlas: Atlas, references: References): Readonly<Record<string, Part>> {
  const tryIt = `${atlas.absolute(path)}#try-it`;
  const common: Record<string, Part> = {
    CategoryCards: () => categoryList(atlas),
    FinderBox: () => finderBox(atlas),
    Plate: () => plate(atlas),
    PostgresLab: ({ example = '' }) => lab(homeOf(example, atlas)),
    Ref: ({ to = '', at }) => references.mark(to, at),
    Simulator: ({ example = '' }) => simulation(example, tryIt, atlas),
    Snippet: ({ file = '', region }) => snippet(file, region, atlas),
  };
  // A page of the house shows the simulation of another.
  if (entry.kind === 'plain') common['Simulator'] = ({ example = '' }) => simulation(example, `${homeOf(example, atlas)}#try-it`, atlas);
  if (entry.kind === 'plain') return { ...common, ...houseParts(atlas), ...borrowedParts(entry.data.borrows, atlas, references) };
  common['Sources'] = () => references.list(entry.data.sources);
  if (entry.kind === 'problem') return { ...common, ...problemParts(entry.data, atlas) };
  return entry.kind === 'guide' ? common : { ...common, ...patternParts(entry.slug, entry.data, atlas) };
}

function patternParts(slug: string, data: Pattern, atlas: Atlas): Record<string, Part> {
  return {
    Forces: () => weighedForces(data),
    Libraries: () => libraries(data),
    Related: () => related(slug, data, atlas),
    TradeOffs: () => tradeOffs(data),
    UseWhen: () => useWhen(data, atlas),
  };
}

function problemParts(data: Problem, atlas: Atlas): Record<string, Part> {
  return { Reports: () => reports(data), TellApart: () => tellApart(data, atlas) };
}

/** What tells how to contribute. */
function houseParts(atlas: Atlas): Record<string, Part> {
  return {
    ContributionList: () => contributionList(atlas),
    FieldList: ({ of = '' }) => fieldList(of),
    // Its text is made by a script in a browser.
    NearestPages: () => '',
    Specimen: ({ of = '', bare }, inside) => specimen(of, bare, inside, atlas),
    WordList: ({ of = '' }) => wordList(of),
  };
}

/** A page that shows the components of other pages has their facts from one pattern and one problem. */
function borrowedParts(borrows: { pattern: string; problem: string } | undefined, atlas: Atlas, references: References): Record<string, Part> {
  const pattern = atlas.patterns.find(({ slug }) => slug === borrows?.pattern);
  const problem = atlas.problems.find(({ slug }) => slug === borrows?.problem);
  if (pattern === undefined || problem === undefined) return {};
  return { Sources: () => references.list(pattern.data.sources), ...patternParts(pattern.slug, pattern.data, atlas), ...problemParts(problem.data, atlas) };
}

/** The page to which an example belongs. */
export function homeOf(example: string, { absolute, guides }: Atlas): string {
  return absolute(pathOf(guides.some(({ slug }) => slug === example) ? 'guide' : 'pattern', example));
}
