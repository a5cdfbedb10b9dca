/** The finder: patterns and problems by what goes wrong, each with because and but. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { isCurrent } from '../../src/catalogue/vocabulary.ts';
import { answerFinding, quoted } from '../../src/citing/answer-finding.ts';
import type { Asked } from '../../src/citing/answer-finding.ts';
import { answerMarkdown } from '../../src/citing/answer-markdown.ts';
import type { Said } from '../../src/citing/comparison-finding.ts';
import type { Finding } from '../../src/citing/finding.ts';
import { patternOf } from '../../src/citing/pattern-facts.ts';
import { anythingFits, recommended } from '../../src/finder/fit.ts';
import { answerOf } from '../../src/finder/pages.ts';
import { rank } from '../../src/finder/rank.ts';
import { writeState } from '../../src/finder/state.ts';
import type { OpenAtlas } from './atlas.ts';
import { forcesSchema, saidBy } from './forces.ts';
import { reading } from './reading.ts';

const mostResults = 10;
const usualResults = 5;

const result = z.strictObject({
  id: z.string().describe('For get, compare and draft_decision'),
  title: z.string(),
  description: z.string(),
  fit: z.string(),
  because: z.array(z.string()),
  but: z.array(z.string()),
  address: z.string().optional().describe('Of this version; missing where the page is still to be written'),
  version: z.string().optional(),
});

export function addFind(server: McpServer, atlas: OpenAtlas): void {
  server.registerTool('find', {
    title: 'Find patterns by what goes wrong',
    description: 'Ranks microservice patterns by a problem in plain words ("customers are charged twice when the client retries"), an error message or a design question, with the reason for each, what speaks against it, and what looks right and is not.',
    inputSchema: {
      question: z.string().describe('What goes wrong, or what has to be decided, in the words of whoever has the problem; may be empty when forces are given'),
      forces: forcesSchema,
      limit: z.number().int().min(1).max(mostResults).optional().describe(`At most so many patterns; ${usualResults} if left out`),
    },
    outputSchema: {
      fits: z.boolean().describe('Whether anything in the catalogue fits well; if not, the results are only the closest'),
      address: z.string().describe('The same answer on the site'),
      problems: z.array(z.strictObject({ title: z.string(), address: z.string() })),
      results: z.array(result),
    },
    annotations: reading,
  }, ({ question, forces, limit = usualResults }) => {
    const { fits, finding, slugs } = found(atlas, question, saidBy(forces), limit);
    const heading = fits ? '' : 'Nothing in the catalogue fits well. The closest:\n\n';
    return {
      content: [{ type: 'text', text: finding.options.length === 0 ? 'Nothing in the catalogue fits, and nothing comes close. Say what goes wrong in other words: what is seen, where, and after what.' : `${heading}${answerMarkdown(finding)}` }],
      structuredContent: {
        fits, address: finding.address, problems: [...finding.problems],
        results: finding.options.map(({ title, description, fit = '', because, but, page }, at) => ({ id: slugs[at] ?? '', title, description, fit, because: [...because], but: [...but], ...page })),
      },
    };
  });
}

/** @throws RangeError when nothing was said */
export function found({ catalogue: { patterns, problems }, facts, finder, home }: OpenAtlas, question: string, said: Said, most: number): { fits: boolean; finding: Finding; slugs: string[] } {
  if (question.trim() === '' && said.size === 0) throw new RangeError('Nothing to look for: say what goes wrong in `question`, or what is true of the system in `forces`.');
  const corpus = finder();
  const evidence = { forces: said, claims: [] };
  const asked: Asked = {
    corpus, evidence, home, most, query: question,
    ranking: rank(corpus, question, evidence),
    address: `${home}find/${writeState({ query: question, forces: said, claims: new Map() })}`,
  };
  const slugs = quoted(asked);
  const answers = new Map(patterns.filter(({ slug }) => slugs.includes(slug)).map((page) => [page.slug, { ...answerOf(page, patterns, problems.filter(({ data }) => isCurrent(data))), watch: patternOf(facts, page.slug).words.watch }]));
  return { fits: anythingFits(asked.ranking), finding: answerFinding(asked, answers), slugs: recommended(asked.ranking, most).map(({ slug }) => slug) };
}
