/** What a page shows of its program. */
import { pathOf } from '../addresses.ts';
import { blocks, bullets, fenced, link, plainLine, table } from '../markdown.ts';
import type { Atlas } from './atlas.ts';

export function snippet(file: string, region: string | undefined, { snippet: cut, absolute }: Atlas): string {
  const { code, lines, tests } = cut(file, region);
  const where = `${link(file, absolute(`/examples/${file}`))}${region === undefined ? '' : `, region ${plainLine(region)}`}`;
  return blocks(fenced(code, 'ts'), `From ${where}; the file has ${counted(lines, 'line')}, the example ${counted(tests, 'test')}.`);
}

/** A simulation moves only on the site; here is what came out with its default settings. */
export function simulation(example: string, home: string, { simulation: run }: Atlas): string {
  const { title, comparison, outcomes, settings, tries, tables } = run(example);
  return blocks(
    `**Simulation: ${plainLine(title)}.** ${plainLine(comparison)}`,
    bullets(outcomes.map(({ label, text }) => `${plainLine(label)}: ${plainLine(text)}`)),
    `Settings: ${settings.map(({ label, value }) => `${plainLine(label)} ${plainLine(value)}`).join('; ')}. Change them on ${link('the page', home)}:`,
    bullets(tries.map((each) => `**${plainLine(each.title)}**${each.hurts ? ' (it hurts)' : ''}: ${plainLine(each.notice)}`)),
    ...tables.map(({ caption, head, rows }) => blocks(`**${plainLine(caption)}**`, table(head.map(plainLine), rows.map((row) => row.map(plainLine))))),
  );
}

/** Away from its page. */
export function simulationInShort(example: string, { simulation: run, absolute }: Atlas): string {
  const { title, comparison } = run(example);
  return `**Simulation: ${plainLine(title)}.** ${plainLine(comparison)} ${link('Change the settings and read the code that runs', `${absolute(pathOf('pattern', example))}#try-it`)}.`;
}

export function lab(home: string): string {
  return `The same code runs on a real PostgreSQL in ${link('the page', home)}: choose where the process dies and look into the tables afterwards, with the pattern and without.`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
