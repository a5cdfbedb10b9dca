/** From what was typed to the files of a new page. Writes all of them or none. */
import { parseArgs } from 'node:util';
import { categories, problemGroups } from '../../src/catalogue/vocabulary.ts';
import { Questions } from './questions.ts';
import type { Terminal } from './questions.ts';
import { refuseTaken } from './refusals.ts';
import { knownEntries } from './known-entries.ts';
import { plannedFiles } from './planned-files.ts';
import { requestFrom } from './request.ts';
import { Refusal, kinds } from './request-shape.ts';
import type { Kind, Request } from './request-shape.ts';
import { writeFiles } from './write-files.ts';

const usage = `Usage:
  npm run new -- load-shedding                       a pattern; asks for what it cannot know
  npm run new -- --kind problem jobs-run-twice       a problem; --kind guide for a guide
  npm run new                                        asks for everything

Options, all of them optional:
  --kind         ${kinds.join(', ')}; pattern if left out
  --title        the name as the field writes it; made from the slug if left out
  --description  one sentence of 20 to 160 characters on what it does for the reader
  --category     of a pattern: ${Object.keys(categories).join(', ')}
  --group        of a problem: ${Object.keys(problemGroups).join(', ')}
  --anyway       although the name is near to that of another page`;

/** @returns the exit code: 0 written, 1 refused, 2 wrong usage */
export async function runNew(args: string[], terminal: Terminal & { root: string }): Promise<number> {
  const { root, output, errors } = terminal;
  const questions = new Questions(terminal);
  try {
    const { values, positionals } = parsed(args);
    if (values.help === true) {
      output.write(`${usage}\n`);
      return 0;
    }
    if (positionals.length > 1) throw new Refusal(`found ${positionals.length} names: ${positionals.join(', ')}. One page at a time; a name of several words is joined by hyphens`, 2);
    const known = knownEntries(root);
    const request = await requestFrom(positionals[0], values, known, questions);
    refuseTaken(request, root);
    const files = plannedFiles(request, root);
    // The page comes last: a dev server that sees it finds there what it speaks of.
    writeFiles(root, [...files.slice(1), ...files.slice(0, 1)]);
    output.write(`${report(request, files.map(({ file }) => file))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    errors.write(`new: ${error.message}\n${error.code === 2 ? `\n${usage}\n` : ''}`);
    return error.code;
  } finally {
    questions.close();
  }
}

function parsed(args: string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ args, allowPositionals: true, options: { kind: text, title: text, description: text, category: text, group: text, anyway: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error), 2);
  }
}

function report({ kind, slug, outline }: Request, files: readonly string[]): string {
  const program: Record<Kind, string> = {
    pattern: `Write the program and its tests in src/examples/${slug}/: npx vitest src/examples/${slug} runs them while you write. The page may also have "## Try it" before its code and "## Variants" after it, as content/docs/patterns/_template.mdx shows.`,
    problem: `Write the page: what people report, what tells the candidates apart, what to try first.`,
    guide: `Write the page, and where it wants a program of its own, src/examples/${slug}/.`,
  };
  return [
    outline === undefined ? `A draft of the ${kind} "${slug}":` : `A draft of "${slug}", with all that its outline said:`,
    ...files.map((file) => `  ${file}${outline?.file === file ? ' (was an outline)' : ''}`),
    '',
    'Next:',
    `  1. npm run dev, and open http://127.0.0.1:4321/${kind}s/${slug}/ beside your editor.`,
    `  2. ${program[kind]}`,
    '  3. npm run check says what is wrong, in seconds; npm test is what a pull request has to pass. Both pass now.',
  ].join('\n');
}
