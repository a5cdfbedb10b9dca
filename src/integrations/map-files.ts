/** The map as files beside its page, for slides and reviews: drawn from the entries, as the page draws it. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AstroIntegration } from 'astro';
import { readCatalogue } from '../catalogue/files.ts';
import type { Catalogue } from '../catalogue/files.ts';
import { relationsAmong } from '../catalogue/relations.ts';
import { isCurrent, isPublished } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';
import type { Drawing } from '../diagrams/index.ts';
import type { Chart } from '../map/charted.ts';
import { drawMap } from '../map/draw.ts';
import { drawNeighbours } from '../map/draw-neighbours.ts';
import { mapDescription, mapTitle } from '../map/map-words.ts';
import { drawingFiles, fewFiles } from './drawing-files.ts';

export function mapFiles(): AstroIntegration {
  let home = '/';
  return {
    name: 'map-files',
    hooks: {
      'astro:config:done': ({ config }) => { home = new URL(`${config.base.replace(/\/$/, '')}/`, config.site ?? 'http://localhost').href; },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const [, address = '', ending] = /^([^?]*)\.(svg|png)(?:\?|$)/.exec(request.url ?? '') ?? [];
          const picture = address.startsWith('/map/') || address.endsWith('/neighbours') ? pictures().get(address) : undefined;
          const drawing = picture?.drawing();
          if (picture === undefined || drawing === undefined) return next();
          void drawingFiles({ drawing, accent: picture.accent }, home).then((files) => {
            response.setHeader('Content-Type', ending === 'svg' ? 'image/svg+xml' : 'image/png');
            response.end(ending === 'svg' ? files.svg : files.png);
          }, next);
        });
      },
      'astro:build:done': async ({ dir, logger }) => {
        const all = [...pictures()].flatMap(([address, { accent, drawing: draw }]) => {
          const drawing = draw();
          return drawing === undefined ? [] : [{ address, shown: { drawing, accent } }];
        });
        await Promise.all(all.map(({ address, shown }) => fewFiles.run(async () => {
          const files = await drawingFiles(shown, home);
          await mkdir(new URL(`.${dirname(address)}/`, dir), { recursive: true });
          await writeFile(new URL(`.${address}.svg`, dir), files.svg);
          await writeFile(new URL(`.${address}.png`, dir), files.png);
        })));
        logger.info(`${all.length} maps as SVG and PNG`);
      },
    },
  };
}

interface Picture { accent: string; /** Nothing where there is nothing to draw. */ drawing: () => Drawing | undefined }

/** By address without its ending. */
function pictures(): Map<string, Picture> {
  const written = readCatalogue().patterns.filter(({ data }) => isPublished(data)).sort((a, b) => a.data.title.localeCompare(b.data.title, 'en'));
  const listed = chartOf(written.filter(({ data }) => isCurrent(data)));
  // What was superseded stands on no map but its own.
  const around = (page: Written): Chart => (isCurrent(page.data) ? listed : chartOf(written.filter((other) => other === page || isCurrent(other.data))));
  return new Map<string, Picture>([
    ['/map/pattern-map', { accent: '--ink', drawing: () => mapDrawing(listed) }],
    ...written.map((page) => [`/patterns/${page.slug}/neighbours`, { accent: `--cat-${page.data.category}`, drawing: () => neighbourDrawing(page.slug, around(page)) }] as [string, Picture]),
  ]);
}

type Written = Catalogue['patterns'][number];

function chartOf(written: readonly Written[]): Chart {
  return { patterns: written.map(({ slug, data: { title, category } }) => ({ slug, title, category })), relations: relationsAmong(written) };
}

function mapDrawing(chart: Chart): Drawing {
  const [title, description] = [mapTitle, mapDescription(chart)];
  return { ...drawMap(chart, { shape: 'wide', title, description, glyph, words: false }), id: 'map', type: 'map', title, description, links: [], warnings: [] };
}

function neighbourDrawing(slug: string, chart: Chart): Drawing | undefined {
  const drawn = drawNeighbours(slug, chart, { shape: 'wide', glyph, address: (other) => `/patterns/${other}/` });
  return drawn && { ...drawn, id: 'around', type: 'map', title: `Around ${slug}`, description: '', links: [], warnings: [] };
}

/** The drawing of a pattern, or that of its category. Components, which this room may not import, take theirs from the same files. */
function glyph(of: string, category: Category): string {
  const folder = resolve('src/components/glyphs');
  const own = `${folder}/${of}.svg`;
  return readFileSync(existsSync(own) ? own : `${folder}/categories/${category}.svg`, 'utf8').replaceAll(/>\s+</g, '><').trim();
}
