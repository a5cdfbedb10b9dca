/** What a pattern page derives from its entry. */
import { relationsOf } from '../../catalogue/relations.ts';
import type { Pattern } from '../../catalogue/schema.ts';
import { forces, isCurrent, isPublished, relationKinds, tradeOffAxes } from '../../catalogue/vocabulary.ts';
import type { Force, TradeOffAxis } from '../../catalogue/vocabulary.ts';
import { blocks, bullets, link, plainLine, sentence, table } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import { guideName, patternName, problemName } from './names.ts';

export function useWhen({ useWhen: when, notWhen }: Pattern, atlas: Atlas): string {
  return blocks(
    '**Use it when**',
    bullets(when.map(plainLine)),
    '**Not when**',
    bullets(notWhen.map((not) => `${sentence(not.when)} Instead: ${not.see === undefined ? plainLine(not.instead) : patternName(atlas, not.see, not.instead)}`)),
  );
}

export function weighedForces({ forces: weights }: Pattern): string {
  const weighed = Object.entries(weights) as [Force, number][];
  const side = (title: string, list: readonly [Force, number][]): string => (list.length === 0 ? '' : blocks(`**${title}**`, bullets(list
    .toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .map(([force, weight]) => `${plainLine(forces[force])} (${Math.abs(weight) === 2 ? 'strongly' : 'somewhat'})`))));
  return blocks(side('Speaks for it', weighed.filter(([, weight]) => weight > 0)), side('Speaks against it', weighed.filter(([, weight]) => weight < 0)));
}

const changes: Record<string, string> = { '2': 'much better', '1': 'better', '0': 'unchanged', '-1': 'worse', '-2': 'much worse' };

export function tradeOffs({ tradeOffs: all }: Pattern): string {
  const rows = (Object.keys(tradeOffAxes) as TradeOffAxis[]).flatMap((axis) => {
    const entry = all[axis];
    return entry === undefined ? [] : [[tradeOffAxes[axis], changes[entry.value] ?? '', plainLine(entry.why)]];
  });
  return table(['Axis', 'With the pattern', 'Why'], rows);
}

export function libraries({ libraries: all }: Pattern): string {
  return table(['What to install or switch on', 'Kind', 'What it covers', 'Checked'], all.map(({ name, what, url, covers, checked }) => [link(name, url), plainLine(what), plainLine(covers), checked]));
}

export function related(slug: string, { notToBeConfusedWith, elsewhere }: Pattern, atlas: Atlas): string {
  const pages = new Set(atlas.patterns.filter(({ data }) => isPublished(data)).map((pattern) => pattern.slug));
  const relations = relationsOf(slug, atlas.patterns.map((pattern) => ({ slug: pattern.slug, relations: pattern.data.relations })))
    .sort((a, b) => Number(pages.has(b.slug)) - Number(pages.has(a.slug)));
  const problems = atlas.problems.filter(({ data }) => isCurrent(data) && data.candidates.some(({ pattern }) => pattern === slug));
  const guides = atlas.guides.filter(({ data }) => isCurrent(data) && data.patterns.includes(slug));
  return blocks(
    bullets(relations.map(({ slug: other, as, inverse, why }) => `${relationKinds[as][inverse ? 'inverse' : 'label']} ${patternName(atlas, other)}: ${plainLine(why)}`)),
    problems.length === 0 ? '' : `Answers the problems ${problems.map((problem) => problemName(atlas, problem)).join(' · ')}.`,
    guides.length === 0 ? '' : `Put to work in ${guides.map((guide) => guideName(atlas, guide)).join(' · ')}.`,
    bullets(notToBeConfusedWith.map(({ name, why }) => `Not ${plainLine(name)}: ${plainLine(why)}`)),
    elsewhere.length === 0 ? '' : `In other catalogues: ${elsewhere.map(({ name, url }) => link(name, url)).join(' · ')}.`,
  );
}
