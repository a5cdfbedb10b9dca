/** A decision for one pattern: what its page says, against what it names as alternatives. */
import type { Finding, Option } from './finding.ts';
import { patternDrivers } from './pattern-drivers.ts';
import { patternOf } from './pattern-facts.ts';
import type { Facts, PatternFacts } from './pattern-facts.ts';
import { burdens, leading, patternOption, plainOption, relationsBetween, relationsOf, wrongChoice } from './pattern-option.ts';
import { pinnedProblem } from './pinned.ts';

const mostOptions = 5;
const mostOtherPatterns = 3;
/** Of an alternative; its own page has all. */
const mostReasons = 2;
const mostSigns = 5;

/** @throws RangeError for a slug that the catalogue does not have */
export function patternFinding(facts: Facts, slug: string): Finding {
  const own = patternOf(facts, slug);
  const { title, useWhen, notWhen, symptoms } = own.data;
  const others = alternatives(facts, own);
  const option = patternOption(facts, own, { because: useWhen, but: [...notWhen.map(wrongChoice), ...burdens(facts, slug)] });
  return {
    query: '',
    ...(own.words.question === undefined ? {} : { question: own.words.question }),
    address: option.page?.address ?? facts.home,
    origin: option.page === undefined ? `Drawn from what Pattern Atlas knows of ${title}; its page is still to be written:` : `Drawn from version ${option.page.version} of ${title} in Pattern Atlas:`,
    problems: facts.problems.filter(({ data }) => data.candidates.some(({ pattern }) => pattern === slug)).map((problem) => pinnedProblem(facts.home, problem)),
    drivers: patternDrivers([own, ...others]).filter(({ force }) => (own.data.forces[force] ?? 0) !== 0),
    observations: symptoms.slice(0, mostSigns).map((text) => ({ text })),
    asks: [],
    options: [option, ...others.map((other) => alternative(facts, own, other)), ...plainAlternatives(own)].slice(0, mostOptions),
    misses: [],
    combinations: [
      ...relationsBetween(facts, [slug, ...others.map((other) => other.slug)], ['alternative-to']),
      ...relationsOf(facts, own, ['complements', 'leads-to']),
    ],
  };
}

/** Where its page sends a reader whom it does not suit, and what either page calls an alternative; what is both is the nearest. */
function alternatives(facts: Facts, own: PatternFacts): PatternFacts[] {
  const sent = own.data.notWhen.flatMap(({ see }) => see ?? []);
  const related = facts.patterns.flatMap(({ slug, data }) => data.relations.flatMap(({ to, as }) => (as !== 'alternative-to' || (slug !== own.slug && to !== own.slug) ? [] : [slug === own.slug ? to : slug])));
  return [...new Set([...related.filter((each) => sent.includes(each)), ...sent, ...related])].slice(0, mostOtherPatterns).map((slug) => patternOf(facts, slug));
}

function alternative(facts: Facts, own: PatternFacts, other: PatternFacts): Option {
  return patternOption(facts, other, {
    because: [...own.data.notWhen.filter(({ see }) => see === other.slug).map(({ when, instead }) => `${when.replace(/\.$/, '')}. Then: ${instead}`), ...other.data.useWhen].slice(0, mostReasons),
    but: [...leading(other, own.slug).slice(0, mostReasons).map(wrongChoice), ...burdens(facts, other.slug)],
  });
}

/** What the page advises in plain words, where no pattern is needed. */
function plainAlternatives({ data: { title, notWhen } }: PatternFacts): Option[] {
  return notWhen.filter(({ see }) => see === undefined).map(({ when, instead }) => plainOption(instead, {
    because: [when],
    but: [`it helps only there; elsewhere the reasons for ${title} remain`],
  }));
}
