/** Keeps an issue for each report of the scheduled workflow: `node scripts/upkeep.ts links.md unreviewed.md`. The first line of a report is its title. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { GitHub } from './github/api.ts';
import { keepIssue } from './github/upkeep-issue.ts';

const github = new GitHub();
for (const file of process.argv.slice(2)) {
  const [title = '', ...body] = readFileSync(file, 'utf8').split('\n');
  console.log(await keepIssue(github, { name: basename(file, '.md'), title: title.replace(/^#+ /, ''), body: body.join('\n').trim() }));
}
