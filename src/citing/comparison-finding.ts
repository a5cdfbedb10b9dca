/** A decision between patterns. The first is proposed: that is the caller's choice, or the finder's. */
import type { Finding } from './finding.ts';
import { patternDrivers } from './pattern-drivers.ts';
import { patternOf } from './pattern-facts.ts';
import type { Facts } from './pattern-facts.ts';
import { burdens, leading, patternOption, relationsBetween, wrongChoice } from './pattern-option.ts';
import { pinnedProblem } from './pinned.ts';

export const fewestCompared = 2;
export const mostCompared = 4;
const mostReasons = 3;

/** @throws RangeError for other than two to four different patterns of the catalogue */
export function comparisonFinding(facts: Facts, slugs: readonly string[], query = ''): Finding {
  if (slugs.length < fewestCompared || slugs.length > mostCompared || new Set(slugs).size < slugs.length) {
    throw new RangeError(`a comparison takes ${fewestCompared} to ${mostCompared} different patterns; found ${slugs.length === 0 ? 'none' : slugs.join(', ')}`);
  }
  const compared = slugs.map((slug) => patternOf(facts, slug));
  const titles = compared.map(({ data }) => data.title);
  return {
    query,
    ...(query.trim() === '' ? { question: `Which of ${titles.slice(0, -1).join(', ')} and ${titles.at(-1)} fits here?` } : {}),
    address: facts.home,
    origin: `Drawn from what Pattern Atlas says of ${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}:`,
    problems: facts.problems.filter(({ data }) => data.candidates.filter(({ pattern }) => pattern !== undefined && slugs.includes(pattern)).length > 1).map((problem) => pinnedProblem(facts.home, problem)),
    drivers: patternDrivers(compared),
    observations: [],
    asks: [],
    options: compared.map((each) => {
      const others = slugs.filter((slug) => slug !== each.slug);
      return patternOption(facts, each, {
        because: each.data.useWhen.slice(0, mostReasons),
        but: [...leading(each, ...others).slice(0, mostReasons).map(wrongChoice), ...burdens(facts, each.slug)],
      });
    }),
    misses: [],
    combinations: relationsBetween(facts, slugs, ['requires', 'complements', 'alternative-to', 'refines', 'leads-to', 'conflicts-with']),
  };
}
