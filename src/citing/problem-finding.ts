/** A decision about a problem, between the candidates of its page: the simplest is proposed, since that is what to try first. */
import type { Finding, Option } from './finding.ts';
import { midSentence } from './markdown.ts';
import { patternDrivers } from './pattern-drivers.ts';
import { patternOf } from './pattern-facts.ts';
import type { Facts, ProblemFacts } from './pattern-facts.ts';
import { burdens, patternOption, plainOption, relationsBetween, wrongChoice } from './pattern-option.ts';
import { pinnedProblem } from './pinned.ts';

/** More drivers than candidates decide nothing. */
const mostDrivers = 8;
const mostExceptions = 1;

type Candidate = ProblemFacts['data']['candidates'][number];

/** @throws RangeError for a slug that the catalogue does not have */
export function problemFinding(facts: Facts, slug: string): Finding {
  const problem = facts.problems.find((each) => each.slug === slug);
  if (problem === undefined) throw new RangeError(`the catalogue has no problem "${slug}"`);
  const { title, description, symptoms, questions, candidates, changes } = problem.data;
  const [simplest] = candidates;
  const patterns = [...new Set(candidates.flatMap(({ pattern }) => pattern ?? []))];
  const page = pinnedProblem(facts.home, problem);
  return {
    query: '',
    question: description,
    address: page.address,
    origin: `Drawn from version ${changes[0]?.version} of "${title}" in Pattern Atlas:`,
    problems: [page],
    drivers: patternDrivers(patterns.map((each) => patternOf(facts, each)), mostDrivers),
    observations: symptoms.map((text) => ({ text })),
    asks: questions,
    options: candidates.map((candidate) => option(facts, candidate)),
    ...(simplest === undefined ? {} : { reason: `it is the simplest to try, if ${midSentence(simplest.when)}; if not, the next whose condition holds` }),
    misses: [],
    combinations: relationsBetween(facts, patterns, ['complements', 'alternative-to', 'conflicts-with']),
  };
}

function option(facts: Facts, { when, pattern, do: action = '', because }: Candidate): Option {
  const condition = `it helps only if ${midSentence(when)}`;
  if (pattern === undefined) return plainOption(action, { because: [because], but: [condition] });
  const own = patternOf(facts, pattern);
  return patternOption(facts, own, { because: [because], but: [condition, ...own.data.notWhen.slice(0, mostExceptions).map(wrongChoice), ...burdens(facts, pattern)] });
}
