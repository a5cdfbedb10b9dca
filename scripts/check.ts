/** Starts threads for what takes longest before anything else is loaded; `check/run.ts` does the rest. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { judgeThreads } from '../src/checks/judge-threads.ts';
import { keptFile } from '../src/checks/kept-file.ts';

const startMs = performance.now();
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
// Of one rule nobody knows yet whether it asks them.
if (!args.some((arg) => arg.startsWith('-') && arg !== '--fix' && arg !== '--json')) {
  judgeThreads.prepare(...['diagram', 'markdown'].map((name) => new URL(`../src/checks/judges/${name}.ts`, import.meta.url)).filter((judge) => !existsSync(keptFile(root, judge))));
}
const { runCheck } = await import('./check/run.ts');
process.exitCode = await runCheck(root, args, startMs);
