/**
 * The Markdown twin of a page: what it says, for readers who are no browser. Code, tables, sources and links stand in it
 * resolved; diagrams keep their Mermaid text.
 */
import { categories, isPublished, problemGroups } from '../catalogue/vocabulary.ts';
import { pathOf, pinnedPathOf } from './addresses.ts';
import { longDay } from './day.ts';
import { blocks, link, plainLine } from './markdown.ts';
import type { Atlas, WrittenPage } from './twin/atlas.ts';
import { documentOf } from './twin/document.ts';
import { patternName } from './twin/names.ts';
import { partsOf } from './twin/parts.ts';
import { plainMarkdown } from './twin/plain-markdown.ts';
import { References } from './twin/references.ts';

export type { Atlas, SimulationText, SnippetText, WrittenPage } from './twin/atlas.ts';

export interface TwinOptions {
  /** Markdown that the page shows above its text. */
  above?: string;
  /** One of several in a file: without front matter, and with notes of its own. */
  joined?: boolean;
}

/** @throws where the page has a component that no twin knows, naming the page */
export function twinOf(page: WrittenPage, atlas: Atlas, { above = '', joined = false }: TwinOptions = {}): string {
  const { path, entry, body } = page;
  const references = new References(atlas.sources, joined && entry.kind !== 'plain' ? `${entry.slug}-` : '');
  const parts = partsOf(page, atlas, references);
  const address = atlas.absolute(path);
  try {
    const text = plainMarkdown(body, {
      component: (name, attributes, inside) => {
        const part = parts[name];
        if (part === undefined) throw new Error(`<${name}> has no words for a twin; it knows ${Object.keys(parts).sort().join(', ')}. Add it in src/citing/twin/parts.ts`);
        return part(attributes, inside);
      },
      link: (url) => (url.startsWith('#') ? `${address}${url}` : url.startsWith('/') ? atlas.absolute(url) : url),
    });
    return documentOf({ ...headOf(page, atlas), title: entry.data.title, description: entry.data.description, address, joined, body: blocks(above, text, references.notes()) });
  } catch (error) {
    throw new Error(`the Markdown twin of ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function headOf({ entry }: WrittenPage, atlas: Atlas): { fields: Record<string, unknown>; pinned?: string | undefined; facts: string[] } {
  if (entry.kind === 'plain') return { fields: {}, facts: [] };
  const { kind, slug, data: { status } } = entry;
  const { reviewed, changes } = isPublished(entry.data) ? entry.data : { changes: [] };
  const [current] = changes;
  const versioned = current === undefined ? '' : `Version ${current.version} of ${longDay(current.date)}. `;
  const belongs = entry.kind === 'pattern' ? { category: entry.data.category } : entry.kind === 'problem' ? { group: entry.data.group } : { patterns: entry.data.patterns };
  const names = entry.kind === 'pattern' ? entry.data.alsoKnownAs : [];
  const place = entry.kind === 'pattern' ? `${categories[entry.data.category].label} pattern. ` : entry.kind === 'problem' ? `Problem: ${problemGroups[entry.data.group].toLowerCase()}. ` : 'Guide. ';
  const successor = successorOf(entry, atlas);
  return {
    fields: { kind, ...belongs, status, supersededBy: entry.data.status === 'superseded' ? entry.data.supersededBy : undefined, reviewed, version: current?.version, date: current?.date, changes },
    pinned: current === undefined ? undefined : atlas.absolute(pinnedPathOf(kind, slug, current.version)),
    facts: [
      successor === undefined ? '' : `**Superseded: read ${link(successor.title, atlas.absolute(pathOf(kind, successor.slug)))} instead.** This page stays as it was for those who cite it or followed an old link. It is no longer kept up.`,
      names.length === 0 ? '' : `Also known as ${plainLine(names.join(', '))}.`,
      entry.kind === 'guide' ? `Leads through ${entry.data.patterns.map((pattern) => patternName(atlas, pattern)).join(', ')}.` : '',
      `${place}${versioned}${reviewed === undefined ? 'Draft: nobody has reviewed it, so do not rely on it and do not cite it.' : `Read from top to bottom on ${longDay(reviewed)}.`}`,
    ],
  };
}

/** The page that took the place of this one. */
function successorOf({ kind, data }: Exclude<WrittenPage['entry'], { kind: 'plain' }>, atlas: Atlas): { slug: string; title: string } | undefined {
  if (data.status !== 'superseded') return undefined;
  const pages: readonly { slug: string; data: { title: string } }[] = atlas[`${kind}s`];
  const page = pages.find(({ slug }) => slug === data.supersededBy);
  return page && { slug: page.slug, title: page.data.title };
}
