/**
 * Writes the comment of a pull request, in the workflow that GitHub starts after the one that ran the code of the pull request.
 * Needs no package, so that nothing but this repository runs beside the token. Takes the file of the report.
 */
import { existsSync, readFileSync } from 'node:fs';
import { GitHub } from './github/api.ts';
import { commentOn } from './github/pull-request-comment.ts';
import type { RunEvent } from './github/pull-request-comment.ts';
import { homepage } from './homepage.ts';

const [file = 'report.json'] = process.argv.slice(2);
const event = JSON.parse(readFileSync(process.env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as RunEvent;
console.log(await commentOn(new GitHub(), event, existsSync(file) ? readFileSync(file) : undefined, homepage()));
