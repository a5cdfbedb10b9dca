/**
 * A decision record after MADR 4: forces are the drivers, patterns the options, trade-offs the consequences, what to watch confirms.
 * It proposes; deciding is the team's.
 */
import { tradeOffAxes } from '../catalogue/vocabulary.ts';
import type { TradeOffAxis } from '../catalogue/vocabulary.ts';
import type { Driver, Finding, Option, TradeOffs } from './finding.ts';
import { blocks, clause, link, plainLine, quotation, sentence } from './markdown.ts';

/** @param date a day such as 2026-11-21; a record that is drawn from a page alone has none until somebody decides */
export function decisionRecord(finding: Finding, date = ''): string {
  const [first] = finding.options;
  if (first === undefined) throw new RangeError('a decision needs an option to decide for');
  return `${blocks(
    ['---', 'status: proposed', `date: ${date}`.trimEnd(), 'decision-makers:', 'consulted:', 'informed:', '---'].join('\n'),
    `# ${titleOf(finding, first)}`,
    '<!-- A draft: keep what is true of your system, strike out the rest, and decide. -->',
    section('## Context and Problem Statement', context(finding)),
    section('## Decision Drivers', list(finding.drivers.map(driver))),
    section('## Considered Options', list(finding.options.map(({ title }) => plainLine(title)))),
    section('## Decision Outcome', `Chosen option: "${plainLine(first.title)}", because ${clause(finding.reason ?? first.because[0] ?? `it fits best what was described: ${first.description}`)}`),
    section('### Consequences', list(consequences(first.tradeOffs))),
    section('### Confirmation', confirmation(first)),
    section('## Pros and Cons of the Options', finding.options.map(prosAndCons).join('\n\n')),
    section('## More Information', moreInformation(finding)),
  )}\n`;
}

export function recordFileName({ options, problems }: Finding, date: string): string {
  const name = (options[0]?.title ?? problems[0]?.title ?? 'decision').toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${date}-${name}.md`;
}

function titleOf({ problems: [problem, ...others] }: Finding, { title, isPattern }: Option): string {
  const chosen = isPattern ? `Use ${plainLine(title)}` : plainLine(title);
  if (problem === undefined || others.length > 0) return chosen;
  return isPattern ? `${chosen} against "${plainLine(problem.title)}"` : `${plainLine(problem.title)}: ${chosen}`;
}

function context({ query, question, problems, observations, asks }: Finding): string {
  const named = problems.map(({ title, address }) => link(title, address));
  const having = (seen: boolean | undefined): string[] => observations.filter((each) => each.seen === seen).map(({ text }) => sentence(text));
  return blocks(
    query.trim() === '' ? '' : quotation(query),
    question === undefined ? '' : plainLine(question),
    named.length === 1 ? `This is the problem that Pattern Atlas describes as ${named[0]}.` : under('Pattern Atlas describes it as one of these problems; keep yours:', named),
    under('What is true here:', having(true)),
    under('What is not:', having(false)),
    under('Signs of it; keep those that you see:', having(undefined)),
    under('What has to be known first:', asks.map(({ ask, tells }) => `${plainLine(ask)} ${sentence(tells)}`)),
  );
}

function driver({ text, hard, speaksFor, speaksAgainst }: Driver): string {
  const notes = [
    ...(hard ? ['must hold'] : []),
    ...(speaksFor.length === 0 ? [] : [`speaks for ${speaksFor.map(plainLine).join(', ')}`]),
    ...(speaksAgainst.length === 0 ? [] : [`speaks against ${speaksAgainst.map(plainLine).join(', ')}`]),
  ];
  return `${plainLine(text)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** What weighs nothing is no consequence. */
function consequences(all: TradeOffs): string[] {
  return (Object.keys(tradeOffAxes) as TradeOffAxis[]).flatMap((axis) => {
    const { value = 0, why = '' } = all[axis] ?? {};
    const [word, effect] = value > 0 ? ['Good', 'better'] : ['Bad', 'worse'];
    return value === 0 ? [] : [`${word}, because it is ${Math.abs(value) > 1 ? 'much ' : ''}${effect} for ${tradeOffAxes[axis].toLowerCase()}: ${clause(why)}`];
  });
}

function confirmation({ page, watch }: Option): string {
  if (watch.length === 0) return '<!-- How will you see that the decision is carried out, and that it holds? Name the test, the metric or the review. -->';
  const where = page === undefined ? '' : ` (${link('how and why', `${page.address}#what-to-watch`)})`;
  return under(`The decision holds as long as these stay as they should${where}:`, watch.map(sentence));
}

function prosAndCons(option: Option): string {
  const { title, description, page, because, but } = option;
  const where = page === undefined ? '' : ` See ${link(title, page.address)}, version ${plainLine(page.version)}.`;
  const argued = [['Good', because], ['Bad', but]] as const;
  return blocks(
    `### ${plainLine(title)}`,
    `${description === '' ? '' : sentence(description)}${where}`.trim(),
    list(argued.flatMap(([word, reasons]) => reasons.map((why) => `${word}, because ${clause(why)}`))),
  );
}

function moreInformation({ address, origin, combinations, misses }: Finding): string {
  return blocks(
    list(combinations.map(sentence)),
    under('Looked at and left out:', misses.map(({ title, why }) => `${plainLine(title)}: ${sentence(why)}`)),
    `${plainLine(origin)} <${address}>. The text of the catalogue is licensed under CC BY 4.0.`,
  );
}

function under(words: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${words}\n\n${list(items)}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `* ${item}`).join('\n');
}

function section(heading: string, body: string): string {
  return body === '' ? '' : `${heading}\n\n${body}`;
}
