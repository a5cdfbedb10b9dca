/** What stands in a twin where a page has one of the authors' words. */
import { finderBox, categoryList, plate } from './list-parts.ts';
import { pathOf } from '../addresses.ts';
import type { Atlas, WrittenPage } from './atlas.ts';
import { lab, simulation, snippet } from './example-parts.ts';
import { libraries, related, tradeOffs, useWhen, weighedForces } from './pattern-parts.ts';
import { reports, tellApart } from './problem-parts.ts';
import type { References } from './references.ts';

type Attributes = Readonly<Record<string, string>>;
export type Part = (attributes: Attributes) => string;

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
  if (entry.kind === 'plain') return common;
  common['Sources'] = () => references.list(entry.data.sources);
  if (entry.kind === 'problem') return { ...common, Reports: () => reports(entry.data), TellApart: () => tellApart(entry.data, atlas) };
  if (entry.kind === 'guide') return common;
  return {
    ...common,
    Forces: () => weighedForces(entry.data),
    Libraries: () => libraries(entry.data),
    Related: () => related(entry.slug, entry.data, atlas),
    TradeOffs: () => tradeOffs(entry.data),
    UseWhen: () => useWhen(entry.data, atlas),
  };
}

/** The page to which an example belongs. */
export function homeOf(example: string, { absolute, guides }: Atlas): string {
  return absolute(pathOf(guides.some(({ slug }) => slug === example) ? 'guide' : 'pattern', example));
}
