/** Begins a page: `npm run new -- <slug>`. */
import { fileURLToPath } from 'node:url';
import { runNew } from './new/run.ts';

process.exitCode = await runNew(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)), input: process.stdin, output: process.stdout, errors: process.stderr });
