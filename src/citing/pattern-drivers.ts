/** The forces that speak for and against patterns, as drivers of the decision between them. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Force } from '../catalogue/vocabulary.ts';
import type { Driver } from './finding.ts';
import type { PatternFacts } from './pattern-facts.ts';

/** Those that tell the patterns apart come first. @param most so many at most; the rest moves less */
export function patternDrivers(patterns: readonly PatternFacts[], most = Infinity): (Driver & { force: Force })[] {
  return (Object.keys(forces) as Force[]).flatMap((force) => {
    const weights = patterns.map(({ data }) => data.forces[force] ?? 0);
    if (weights.every((weight) => weight === 0)) return [];
    const titles = (sign: number): string[] => patterns.filter((_, at) => (weights[at] ?? 0) * sign > 0).map(({ data }) => data.title);
    const driver = { force, text: forces[force], hard: false, speaksFor: titles(1), speaksAgainst: titles(-1) };
    return [{ driver, spread: Math.max(...weights) - Math.min(...weights), weight: weights.reduce((sum, weight) => sum + Math.abs(weight), 0) }];
  }).sort((a, b) => b.spread - a.spread || b.weight - a.weight).slice(0, most).map(({ driver }) => driver);
}
