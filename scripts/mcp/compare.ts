/** Two to four patterns side by side. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { comparisonMarkdown, fewestCompared, mostCompared } from '../../src/citing/comparison-markdown.ts';
import type { OpenAtlas } from './atlas.ts';
import { knownPage } from './known.ts';
import { markdown, reading } from './reading.ts';

const range = `name ${fewestCompared} to ${mostCompared} patterns`;

export function addCompare(server: McpServer, { facts, pages }: OpenAtlas): void {
  server.registerTool('compare', {
    title: 'Compare patterns',
    description: 'Sets two to four patterns side by side: the forces that speak for and against each, their trade-offs, when to use and when not to use them, and what they have to do with each other.',
    inputSchema: {
      patterns: z.array(z.string()).min(fewestCompared, range).max(mostCompared, range).describe('Ids, names or addresses of patterns, such as "saga" or "Circuit Breaker"'),
    },
    annotations: reading,
  }, ({ patterns }) => markdown(comparisonMarkdown(facts, patterns.map((id) => knownPage(pages, id, 'pattern').known.slug))));
}
