/**
 * Classes by which the page filters and points out without a script. A pattern has a number; lines, plates and rows of the table
 * carry the numbers of those that they concern, the categories that they touch and the kinds of relation that they have.
 */
import type { Category } from '../catalogue/vocabulary.ts';
import type { Chart, ChartedRelation } from './charted.ts';

export interface Marks {
  numberOf: (slug: string) => string;
  classesOf: (one: string | ChartedRelation) => string;
}

export function marks({ patterns, relations }: Chart): Marks {
  const numbers = new Map(patterns.map(({ slug }, at) => [slug, `n${at}`]));
  const category = new Map(patterns.map((pattern) => [pattern.slug, pattern.category]));
  const numberOf = (slug: string): string => numbers.get(slug) ?? '';
  const touched = ({ from, to }: ChartedRelation): Category[] => [from, to].flatMap((slug) => category.get(slug) ?? []);
  const ofLine = (relation: ChartedRelation): string[] => [numberOf(relation.from), numberOf(relation.to), `as-${relation.as}`, ...touched(relation).map((each) => `of-${each}`)];
  const ofPlate = (slug: string): string[] => {
    const own = relations.filter(({ from, to }) => from === slug || to === slug);
    return [
      `is-${numberOf(slug)}`, numberOf(slug), `in-${category.get(slug)}`, `of-${category.get(slug)}`,
      ...own.flatMap((relation) => [...ofLine(relation), ...touched(relation).map((each) => `${each}-${relation.as}`), `${numberOf(relation.from)}-${relation.as}`, `${numberOf(relation.to)}-${relation.as}`]),
    ];
  };
  return { numberOf, classesOf: (one) => [...new Set(typeof one === 'string' ? ofPlate(one) : ofLine(one))].join(' ') };
}
