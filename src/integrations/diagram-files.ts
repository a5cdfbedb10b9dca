/**
 * Each diagram of a page as files beside it, `/patterns/<slug>/<title>.svg` and `.png`, for slides, wikis and reviews. They are
 * made when the pages are done, from the drawings that the pages show.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AstroIntegration } from 'astro';
import type { Drawing } from '../diagrams/index.ts';
import { drawingFiles, fewFiles } from './drawing-files.ts';
import type { Shown } from './drawing-files.ts';

/** By address without its ending. */
const shown = new Map<string, Shown>();

/** Names the files of the diagrams of one page; two of one title get a number. */
export class DiagramFiles {
  readonly #taken = new Set<string>();

  /** @returns address without its ending; nothing for a page that has no address of its own kind */
  address(file: string, drawing: Drawing): string | undefined {
    const [, kind, category, slug] = /content\/docs\/(patterns|problems|guides)\/(?:([a-z]+)\/)?([a-z\d-]+)\.mdx$/.exec(file.replaceAll('\\', '/')) ?? [];
    if (kind === undefined) return undefined;
    const name = drawing.title.toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
    let free = name;
    // The picture of the page, and of what stands around it.
    for (let number = 2; this.#taken.has(free) || free === 'preview' || free === 'neighbours'; number++) free = `${name}-${number}`;
    this.#taken.add(free);
    const address = `/${kind}/${slug}/${free}`;
    shown.set(address, { drawing, accent: category === undefined ? '--ink' : `--cat-${category}` });
    return address;
  }
}

export function diagramFiles(): AstroIntegration {
  let home = '/';
  return {
    name: 'diagram-files',
    hooks: {
      'astro:config:done': ({ config }) => { home = new URL(`${config.base.replace(/\/$/, '')}/`, config.site ?? 'http://localhost').href; },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const [, address = '', ending] = /^([^?]*)\.(svg|png)(?:\?|$)/.exec(request.url ?? '') ?? [];
          const found = shown.get(address);
          if (found === undefined) return next();
          void drawingFiles(found, home).then((files) => {
            response.setHeader('Content-Type', ending === 'svg' ? 'image/svg+xml' : 'image/png');
            response.end(ending === 'svg' ? files.svg : files.png);
          }, next);
        });
      },
      'astro:build:done': async ({ dir, logger }) => {
        await Promise.all([...shown].map(([address, each]) => fewFiles.run(async () => {
          const { svg, png: picture } = await drawingFiles(each, home);
          await mkdir(new URL(`.${dirname(address)}/`, dir), { recursive: true });
          await writeFile(new URL(`.${address}.svg`, dir), svg);
          await writeFile(new URL(`.${address}.png`, dir), picture);
        })));
        logger.info(`${shown.size} diagrams as SVG and PNG`);
      },
    },
  };
}
