/** The tools and resources that assistants see. A tool that throws answers with the message as an error of its own. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { OpenAtlas } from './atlas.ts';
import { addCompare } from './compare.ts';
import { addDraftDecision } from './draft-decision.ts';
import { addFind } from './find.ts';
import { addGet } from './get.ts';
import { addPages } from './pages.ts';

export function serverOf(atlas: OpenAtlas): McpServer {
  const server = new McpServer({ name: 'pattern-atlas', title: 'Pattern Atlas', version: atlas.version }, {
    instructions: 'A catalogue of microservice design patterns that starts from what goes wrong. Call find with the words of whoever has the problem; get reads a page; '
      + 'compare sets two to four patterns side by side; draft_decision writes a decision record to begin with. Each page says when not to use its pattern: pass that on. Cite the pinned address.',
  });
  addFind(server, atlas);
  addGet(server, atlas);
  addCompare(server, atlas);
  addDraftDecision(server, atlas);
  addPages(server, atlas);
  return server;
}
