/** An answer of the finder as Markdown for a chat, an issue or a pull request. */
import { atlas } from './authorship.ts';
import type { Finding } from './finding.ts';
import { blocks, bullets, link, plainLine, quotation, sentence } from './markdown.ts';

export function answerMarkdown({ query, address, problems, drivers, observations, options, misses, combinations }: Finding): string {
  const weighed = [
    ...drivers.map(({ text, hard }) => `${plainLine(text)}${hard ? ' (must hold)' : ''}`),
    ...observations.map(({ text, seen }) => `${seen === false ? 'Not so: ' : ''}${sentence(text)}`),
  ];
  return `${blocks(
    query.trim() === '' ? '' : quotation(query),
    problems.map(({ title, address: where }) => `Problem: ${link(title, where)}`).join('\n\n'),
    weighed.length === 0 ? '' : blocks('Weighed:', bullets(weighed)),
    options.map(({ title, fit, description, page, because, but }, at) => [
      `${at + 1}. **${page === undefined ? plainLine(title) : link(title, page.address)}**${fit === undefined ? '' : ` (${plainLine(fit.toLowerCase())})`}: ${sentence(description)}`,
      ...because.map((why) => `   - Because: ${sentence(why)}`),
      ...but.map((why) => `   - But: ${sentence(why)}`),
    ].join('\n')).join('\n'),
    combinations.length === 0 ? '' : combinations.map(sentence).join(' '),
    misses.length === 0 ? '' : blocks('Rather not:', bullets(misses.map(({ title, why }) => `${plainLine(title)}: ${sentence(why)}`))),
    `Found with ${link(atlas, address)}.`,
  )}\n`;
}
