import type { GitHub, Written } from './api.ts';

export interface UpkeepReport {
  /** Tells its issue from others. */
  name: string;
  title: string;
  /** Markdown; empty when there is nothing to do. */
  body: string;
}

/**
 * One issue a report: opened when there is something to do, rewritten while there is, closed when there is not.
 * @returns what was done, in a sentence
 */
export async function keepIssue(github: GitHub, { name, title, body }: UpkeepReport): Promise<string> {
  const mark = `<!-- pattern-atlas: ${name} -->`;
  const open = await github.own('/issues?state=open', mark);
  const number = open?.number;
  if (body.trim() === '') {
    if (number === undefined) return `${title}: nothing to do.`;
    await github.ask('PATCH', `/issues/${number}`, { state: 'closed', state_reason: 'completed' });
    return `${title}: closed issue ${number}.`;
  }
  const text = { title, body: `${mark}\n${body.length > 60_000 ? `${body.slice(0, 60_000)}\n\n… cut; the run has all of it.` : body}` };
  if (number === undefined) return `${title}: opened issue ${(await github.ask<Written>('POST', '/issues', text)).number}.`;
  await github.ask('PATCH', `/issues/${number}`, text);
  return `${title}: updated issue ${number}.`;
}
