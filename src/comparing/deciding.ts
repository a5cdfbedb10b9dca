/** The one sentence that a reader in a hurry wants, and what else the catalogue says between these patterns. */
import { midSentence } from '../citing/markdown.ts';
import { leading, relationsBetween } from '../citing/pattern-option.ts';
import { factsOf } from './compared.ts';
import type { Compared, ComparedProblem } from './compared.ts';
import { forceRows } from './differences.ts';
import { sentenceWith } from './sentence.ts';

export interface Deciding {
  /** The deciding difference. */
  first: string;
  /** The page of the problem from which it is taken. */
  from?: { slug: string; title: string };
  /** More that sets them apart or ties them together, the strongest first. */
  more: readonly string[];
}

/** @param compared two to four. @param written what somebody wrote of them as a whole: it comes first */
export function decidingOf(compared: readonly Compared[], written?: string): Deciding {
  const shared = sharedProblems(compared);
  const whole = shared.find(({ said }) => said.length === compared.length);
  const relations = relationsBetween(factsOf(compared, ''), compared.map(({ slug }) => slug)).map(sentenceWith);
  const exceptions = exceptionsBetween(compared);
  const forces = opposedForces(compared);
  const split = shared.map(conditions);
  const all = [...(written === undefined ? [] : [sentenceWith(written)]), ...(whole === undefined ? [] : [conditions(whole)]), ...relations, ...split.filter((each) => whole === undefined || each !== conditions(whole)), ...exceptions, ...forces];
  const [first = apart(compared), ...more] = [...new Set(all)];
  const from = shared.find((problem) => conditions(problem) === first);
  return { first, ...(from === undefined ? {} : { from: { slug: from.slug, title: from.title } }), more: more.slice(0, mostMore) };
}

const mostMore = 5;

interface Shared { slug: string; title: string; said: { pattern: Compared; at: number; when: string }[] }

/** Problems for which several of them are candidates: those of most first, then those that come to them soonest and say it shortest. */
function sharedProblems(compared: readonly Compared[]): Shared[] {
  const problems = new Map<string, ComparedProblem>(compared.flatMap(({ problems: own }) => own.map((problem) => [problem.slug, problem] as const)));
  return [...problems.values()].map(({ slug, title }): Shared => ({
    slug, title,
    said: compared.flatMap((pattern) => (pattern.problems.find((own) => own.slug === slug)?.candidates ?? []).slice(0, 1).map(({ at, when }) => ({ pattern, at, when }))).sort((a, b) => a.at - b.at),
  })).filter(({ said }) => said.length > 1).sort((a, b) => b.said.length - a.said.length || sum(a, ({ at }) => at) - sum(b, ({ at }) => at) || sum(a, ({ when }) => when.length) - sum(b, ({ when }) => when.length));
}

function sum({ said }: Shared, of: (each: Shared['said'][number]) => number): number {
  return said.reduce((total, each) => total + of(each), 0);
}

function conditions({ said }: Shared): string {
  return sentenceWith(said.map(({ pattern, when }) => `${pattern.data.title} if ${midSentence(when)}`).join('; '));
}

/** "When not to use it" of one that names another. */
function exceptionsBetween(compared: readonly Compared[]): string[] {
  return compared.flatMap((each) => compared.filter((other) => other !== each).flatMap((other) => leading(each, other.slug)
    .filter(({ see }) => see === other.slug)
    .map(({ when, instead }) => `${other.data.title} instead of ${each.data.title} if ${midSentence(when)}. ${sentenceWith(instead)}`)));
}

function opposedForces(compared: readonly Compared[]): string[] {
  return forceRows(compared).filter(({ verdict }) => verdict === 'apart').slice(0, 2).map(({ text, values }) => {
    const titles = (sign: number): string => compared.filter((_, at) => (values[at] ?? 0) * sign > 0).map(({ data }) => data.title).join(' and ');
    return `“${text.replace(/\.$/, '')}” speaks for ${titles(1)} and against ${titles(-1)}.`;
  });
}

/** Nothing that was written sets them side by side. */
function apart(compared: readonly Compared[]): string {
  const strongest = forceRows(compared).find(({ verdict }) => verdict !== 'same');
  const answers = 'They answer different problems, and no page of the catalogue weighs one against the other';
  if (strongest === undefined) return `${answers}.`;
  const { text, values } = strongest;
  const most = values.indexOf(values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0));
  return `${answers}. What tells them apart most: “${text.replace(/\.$/, '')}” speaks ${(values[most] ?? 0) > 0 ? 'for' : 'against'} ${compared[most]?.data.title ?? ''}.`;
}
