/** A decision record to begin with: from patterns, from a problem, or from what the finder answers. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { Page } from '../../src/catalogue/files.ts';
import type { Problem } from '../../src/catalogue/schema.ts';
import { comparisonFinding } from '../../src/citing/comparison-finding.ts';
import { mostCompared } from '../../src/citing/comparison-markdown.ts';
import { decisionRecord } from '../../src/citing/decision-record.ts';
import type { Finding } from '../../src/citing/finding.ts';
import { patternFinding } from '../../src/citing/pattern-finding.ts';
import { problemFinding } from '../../src/citing/problem-finding.ts';
import type { OpenAtlas } from './atlas.ts';
import { found } from './find.ts';
import { forcesSchema, saidBy } from './forces.ts';
import { knownPage } from './known.ts';
import { markdown, reading } from './reading.ts';

const mostOptions = 5;

const range = `name one to ${mostCompared} patterns, or leave them out`;

const inputSchema = {
  patterns: z.array(z.string()).min(1, range).max(mostCompared, range).optional().describe('One pattern, to weigh it against its alternatives, or up to four to choose between; the first that breaks no force under `must` is proposed'),
  problem: z.string().optional().describe('A problem page, to choose between its candidates'),
  question: z.string().optional().describe('The problem in the reader\'s words: the finder chooses the options; together with two or more patterns it is only quoted'),
  forces: forcesSchema,
  date: z.iso.date('expected a day such as 2026-11-27').optional().describe('Of the decision; today if left out'),
};
type Input = z.infer<z.ZodObject<typeof inputSchema>>;

export function addDraftDecision(server: McpServer, atlas: OpenAtlas): void {
  server.registerTool('draft_decision', {
    title: 'Draft a decision record',
    description: 'Writes an architecture decision record after MADR 4 as Markdown: drivers, considered options with because and but, consequences, and what confirms the decision, with addresses of the versions it rests on. A draft with status "proposed": the team strikes out what is not true of its system, and decides.',
    inputSchema,
    annotations: reading,
  }, (input) => markdown(decisionRecord(findingFor(atlas, input), input.date ?? new Date().toISOString().slice(0, 10))));
}

/** @throws RangeError when it is not clear what to decide between, or when nothing fits */
function findingFor(atlas: OpenAtlas, { patterns = [], problem, question = '', forces }: Input): Finding {
  const { facts, pages } = atlas;
  const said = saidBy(forces);
  const slugs = patterns.map((id) => knownPage(pages, id, 'pattern').known.slug);
  if (problem !== undefined) {
    if (patterns.length > 0 || question !== '' || said.size > 0) throw new RangeError('`problem` stands alone: leave out patterns, question and forces, or leave out problem.');
    const { slug, page } = knownPage(pages, problem, 'problem').known;
    return problemFinding({ ...facts, problems: [page as Page<Problem>] }, slug);
  }
  if (slugs.length > 1) return comparisonFinding(facts, slugs, question, said);
  const [slug] = slugs;
  if (slug !== undefined) {
    if (question !== '' || said.size > 0) throw new RangeError('`question` and `forces` choose between options: give two to four patterns, or none and let the finder choose.');
    return patternFinding(facts, slug);
  }
  if (question.trim() === '' && said.size === 0) throw new RangeError('Nothing to decide: give `patterns`, a `problem` or a `question`.');
  const { fits, finding } = found(atlas, question, said, mostOptions);
  if (fits) return finding;
  const closest = finding.options.map(({ title }) => title).join(', ');
  throw new RangeError(`Nothing in the catalogue fits this question well.${closest === '' ? '' : ` The closest: ${closest}; name them in \`patterns\` if you want a record nevertheless.`}`);
}
