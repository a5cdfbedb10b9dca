/** What the catalogue has already. A page that is broken elsewhere in it is no reason not to begin another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { filesBelow } from '../../src/catalogue/files.ts';
import { kinds } from './request-shape.ts';
import type { KnownEntry } from './request-shape.ts';

export function knownEntries(root: string): KnownEntry[] {
  return filesBelow(root, 'content/docs', '.mdx').flatMap((file): KnownEntry[] => {
    const [, folder = ''] = /^content\/docs\/(\w+)\//.exec(file) ?? [];
    const kind = kinds.find((each) => folder === `${each}s`);
    if (kind === undefined) return [];
    const slug = file.split('/').at(-1)?.slice(0, -'.mdx'.length) ?? '';
    const data = frontmatter(readFileSync(join(root, file), 'utf8'));
    const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
    const aliases = Array.isArray(data['alsoKnownAs']) ? data['alsoKnownAs'].map(String) : [];
    return [{
      kind, slug, file, address: `/${folder}/${slug}/`, status: text('status'), title: text('title') || slug, names: [text('title') || slug, ...aliases],
      ...(typeof data['order'] === 'number' ? { order: data['order'] } : {}), ...(kind === 'pattern' ? { category: file.split('/').at(-2) ?? '' } : {}),
    }];
  });
}

function frontmatter(text: string): Record<string, unknown> {
  try {
    const data: unknown = parse(/^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '');
    return data !== null && typeof data === 'object' ? data as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
