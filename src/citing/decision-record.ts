/**
 * A decision record after MADR 4: forces are the drivers, patterns the options, trade-offs the consequences.
 * It proposes; who decides, and how the decision is confirmed, only the team can write.
 */
import type { Finding, Option } from './finding.ts';
import { clause, link, plainLine, quotation, sentence } from './markdown.ts';

const mostOptions = 4;

/** @param date a day such as 2026-11-21 */
export function decisionRecord(finding: Finding, date: string): string {
  const options = finding.options.slice(0, mostOptions);
  const [first] = options;
  return `${[
    ['---', 'status: proposed', `date: ${date}`, 'decision-makers:', 'consulted:', 'informed:', '---'].join('\n'),
    `# ${titleOf(finding, first)}`,
    section('## Context and Problem Statement', context(finding)),
    section('## Decision Drivers', drivers(finding)),
    section('## Considered Options', list(options.map(({ title }) => plainLine(title)))),
    section('## Decision Outcome', first === undefined ? '' : `Proposed option: "${plainLine(first.title)}", because ${outcome(first)}`),
    section('### Consequences', first === undefined ? '' : list(first.tradeOffs.map(argument))),
    section('### Confirmation', '<!-- How will you see that the decision is carried out, and that it holds? Name the test, the metric or the review. -->'),
    section('## Pros and Cons of the Options', options.map(prosAndCons).join('\n\n')),
    section('## More Information', moreInformation(finding)),
  ].filter((part) => part !== '').join('\n\n')}\n`;
}

export function recordFileName({ options, problem }: Finding, date: string): string {
  const name = (options[0]?.title ?? problem?.title ?? 'decision').toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${date}-${name}.md`;
}

function titleOf({ problem }: Finding, first: Option | undefined): string {
  if (first === undefined) return problem === undefined ? 'No pattern fits' : plainLine(problem.title);
  return problem === undefined ? `Use ${plainLine(first.title)}` : `Use ${plainLine(first.title)} against "${plainLine(problem.title)}"`;
}

function context({ query, problem, observations }: Finding): string {
  const seen = observations.filter((each) => each.seen).map(({ text }) => sentence(text));
  const unseen = observations.filter((each) => !each.seen).map(({ text }) => sentence(text));
  return [
    query.trim() === '' ? '' : quotation(query),
    problem === undefined ? '' : `This is the problem that Pattern Atlas describes as ${link(problem.title, problem.address)}.`,
    seen.length === 0 ? '' : `What is true here:\n\n${list(seen)}`,
    unseen.length === 0 ? '' : `What is not:\n\n${list(unseen)}`,
  ].filter((part) => part !== '').join('\n\n');
}

function drivers({ drivers: all }: Finding): string {
  return list(all.map(({ text, hard }) => `${plainLine(text)}${hard ? ' (must hold)' : ''}`));
}

function outcome({ because, description }: Option): string {
  const [strongest] = because;
  return strongest === undefined ? `it fits best what was described: ${clause(description)}` : clause(strongest);
}

function argument({ good, why }: { good: boolean; why: string }): string {
  return `${good ? 'Good' : 'Bad'}, because ${clause(why)}`;
}

function prosAndCons(option: Option): string {
  const { title, description, page, because, but } = option;
  const where = page === undefined ? 'Its page in Pattern Atlas is still to be written.' : `See ${link(title, page.address)}, version ${plainLine(page.version)}.`;
  const pros = because.map((why) => ({ good: true, why }));
  const cons = but.map((why) => ({ good: false, why }));
  return [`### ${plainLine(title)}`, `${sentence(description)} ${where}`, list([...pros, ...cons].map(argument))].filter((part) => part !== '').join('\n\n');
}

function moreInformation({ address, combinations, misses }: Finding): string {
  return [
    combinations.length === 0 ? '' : list(combinations.map(sentence)),
    misses.length === 0 ? '' : `Looked at and left out:\n\n${list(misses.map(({ title, why }) => `${plainLine(title)}: ${sentence(why)}`))}`,
    `The question, with its answers, is at <${address}>. The text of the catalogue is licensed under CC BY 4.0.`,
  ].filter((part) => part !== '').join('\n\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `* ${item}`).join('\n');
}

function section(heading: string, body: string): string {
  return body === '' ? '' : `${heading}\n\n${body}`;
}
