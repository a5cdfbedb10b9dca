/** What `npm run moved` and `npm run changed` have in common: one range, Markdown or JSON, exit codes. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writtenPath } from '../written-path.ts';
import { RevisionError, readRange } from './revision.ts';
import type { Range } from './revision.ts';

class UsageError extends Error {
  override name = 'UsageError';
}

export interface CompareCommand<Report> {
  name: string;
  does: string;
  /** Text options beside the common ones, with what the help says of each. */
  options?: Record<string, string>;
  report(root: string, range: Range): Report | Promise<Report>;
  markdown(report: Report, options: Record<string, string | boolean | undefined>): string;
}

/** Ends with 0, or with 2 for a usage or a revision that cannot be served. */
export async function runComparison<Report>(command: CompareCommand<Report>, args: readonly string[]): Promise<void> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args], allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' }, out: { type: 'string' },
        ...Object.fromEntries(Object.keys(command.options ?? {}).map((name): [string, { type: 'string' }] => [name, { type: 'string' }])),
      },
    });
    if (values['help'] === true) return void console.log(usage(command));
    const [range] = positionals;
    if (range === undefined || positionals.length > 1) throw new UsageError('name one revision to compare with, for example origin/main');
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const report = await command.report(root, readRange(root, range));
    const text = values['json'] === true ? JSON.stringify(report, null, 2) : command.markdown(report, values);
    if (typeof values['out'] === 'string') writeFileSync(writtenPath(values['out']), `${text}\n`);
    else console.log(text);
  } catch (error) {
    const isUsage = error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
    if (!isUsage && !(error instanceof RevisionError)) throw error;
    console.error(`${command.name}: ${error.message}${isUsage ? `\n\n${usage(command)}` : ''}`);
    process.exitCode = 2;
  }
}

function usage({ name, does, options = {} }: Pick<CompareCommand<unknown>, 'name' | 'does' | 'options'>): string {
  const rows: [string, string][] = [
    ['origin/main', 'the work tree against the commit at which it left origin/main'],
    ['v1..v2', 'exactly these two revisions; three dots: from where v2 left v1'],
    ['… --json', 'the report as data'],
    ['… --out report.md', 'into a file'],
    ...Object.entries(options).map(([option, what]): [string, string] => [`… --${option} …`, what]),
  ];
  return [`${does}\n`, 'Usage:', ...rows.map(([form, what]) => `  npm run --silent ${name} -- ${form.padEnd(24)} ${what}`)].join('\n');
}
