/** Every page as a resource, under the address of its Markdown twin. */
import { ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { isCurrent } from '../../src/catalogue/vocabulary.ts';
import { pathOf, twinPathOf, underBase } from '../../src/citing/addresses.ts';
import type { OpenAtlas } from './atlas.ts';
import { knownPage } from './known.ts';
import type { KnownPage } from './known.ts';
import { pageText } from './page-text.ts';

const mimeType = 'text/markdown';

export function addPages(server: McpServer, atlas: OpenAtlas): void {
  const written = atlas.pages.filter(({ page }) => isCurrent(page.data));
  const addressOf = ({ kind, slug }: KnownPage): string => underBase(atlas.home, twinPathOf(pathOf(kind, slug)));
  server.registerResource('page', new ResourceTemplate(`${atlas.home}{folder}/{slug}/index.md`, {
    list: () => ({ resources: written.map((known) => ({ uri: addressOf(known), name: known.slug, title: known.title, description: known.page.data.description, mimeType })) }),
    complete: {
      folder: (begun) => ['patterns', 'problems', 'guides'].filter((folder) => folder.startsWith(begun)),
      slug: (begun, context) => written.filter(({ kind, slug }) => slug.startsWith(begun) && (context?.arguments?.['folder'] ?? `${kind}s`) === `${kind}s`).map(({ slug }) => slug),
    },
  }), { title: 'Page of the catalogue', description: 'A pattern, a problem or a guide as Markdown', mimeType }, async (uri) => {
    const { known, version } = knownPage(atlas.pages, uri.pathname.replace(/\/index\.md$/, '/'));
    return { contents: [{ uri: uri.href, mimeType, text: await pageText(atlas, known, version) }] };
  });
}
