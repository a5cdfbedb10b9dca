/** The names of all patterns, for whoever picks one. */
import type { APIRoute } from 'astro';
import { knownPatterns } from '../catalogue/entries.ts';
import { isPublished } from '../catalogue/vocabulary.ts';
import type { KnownName } from '../comparing/names.ts';

export const GET: APIRoute = async () => Response.json((await knownPatterns()).map(({ slug, data }): KnownName => ({
  slug, title: data.title, category: data.category, hasPage: isPublished(data), aliases: data.alsoKnownAs, ...(data.status === 'superseded' ? { superseded: true } : {}),
})));
