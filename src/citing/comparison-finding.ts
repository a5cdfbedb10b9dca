/** A decision between patterns. The first is proposed that breaks nothing which must hold: the order is the caller's choice. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Force } from '../catalogue/vocabulary.ts';
import { comparedPatterns } from './comparison-markdown.ts';
import type { Driver, Finding } from './finding.ts';
import { patternDrivers } from './pattern-drivers.ts';
import type { Facts, PatternFacts } from './pattern-facts.ts';
import { burdens, leading, patternOption, relationsBetween, wrongChoice } from './pattern-option.ts';
import { pinnedProblem } from './pinned.ts';

const mostReasons = 3;

export type Said = ReadonlyMap<Force, 'applies' | 'must' | 'not'>;

/**
 * @param query the words of whoever decides; may be empty
 * @param said forces that hold or do not; without any, all that speak for or against one of the patterns are drivers
 * @throws RangeError for other than two to four different patterns of the catalogue, or when each breaks something that must hold
 */
export function comparisonFinding(facts: Facts, slugs: readonly string[], query = '', said: Said = new Map()): Finding {
  const compared = allowedFirst(comparedPatterns(facts, slugs), said);
  const titles = compared.map(({ data }) => data.title);
  const all = `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
  return {
    query,
    ...(query.trim() === '' ? { question: `Which of ${all} fits here?` } : {}),
    address: facts.home,
    origin: `Drawn from what Pattern Atlas says of ${all}:`,
    problems: facts.problems.filter(({ data }) => data.candidates.filter(({ pattern }) => pattern !== undefined && slugs.includes(pattern)).length > 1).map((problem) => pinnedProblem(facts.home, problem)),
    drivers: driversFor(compared, said),
    observations: [],
    asks: [],
    options: compared.map((each) => patternOption(facts, each, {
      because: each.data.useWhen.slice(0, mostReasons),
      but: [...leading(each, ...slugs.filter((slug) => slug !== each.slug)).slice(0, mostReasons).map(wrongChoice), ...burdens(facts, each.slug)],
    })),
    misses: [],
    combinations: relationsBetween(facts, slugs),
  };
}

function allowedFirst(compared: readonly PatternFacts[], said: Said): PatternFacts[] {
  const broken = (pattern: PatternFacts): Force | undefined => [...said].find(([force, answer]) => answer === 'must' && (pattern.data.forces[force] ?? 0) < 0)?.[0];
  const allowed = compared.filter((pattern) => broken(pattern) === undefined);
  if (allowed.length > 0) return [...allowed, ...compared.filter((pattern) => !allowed.includes(pattern))];
  throw new RangeError(`each of them breaks something that must hold: ${compared.map((pattern) => `${pattern.data.title} ${broken(pattern)}`).join(', ')}. Let it only apply, or compare others`);
}

/** A force that was named is a driver even where it tells none of the patterns apart. */
function driversFor(compared: readonly PatternFacts[], said: Said): Driver[] {
  const all = patternDrivers(compared);
  if (said.size === 0) return all;
  return [...said].filter(([, answer]) => answer !== 'not').map(([force, answer]) => ({
    ...all.find((driver) => driver.force === force) ?? { text: forces[force], speaksFor: [], speaksAgainst: [] },
    hard: answer === 'must',
  }));
}
