/** A page as Markdown, in its latest or an earlier version. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { OpenAtlas } from './atlas.ts';
import { knownPage } from './known.ts';
import { pageText } from './page-text.ts';
import { markdown, reading } from './reading.ts';

export function addGet(server: McpServer, atlas: OpenAtlas): void {
  server.registerTool('get', {
    title: 'Read a page',
    description: 'A pattern, a problem or a guide as Markdown: when to use it and when not, how it fails, its code with the tests beside it, what it costs, what to watch, its sources.',
    inputSchema: {
      id: z.string().describe('Its id ("circuit-breaker"), a name ("outbox") or its address; a pinned address gives that version'),
      version: z.string().optional().describe('Such as "1.0"; the latest if left out'),
    },
    annotations: reading,
  }, async ({ id, version }) => {
    const { known, version: pinned } = knownPage(atlas.pages, id);
    return markdown(await pageText(atlas, known, version ?? pinned));
  });
}
