/** Everything that the catalogue says, in one file: problems first, as a reader would. */
import type { APIRoute } from 'astro';
import { isCurrent } from '../catalogue/vocabulary.ts';
import { twinOf } from '../citing/twin.ts';
import { llmsText } from '../citing/twin/llms.ts';
import { atlas } from './atlas.ts';
import { writtenPages } from './written-pages.ts';

const order = ['problem', 'pattern', 'guide'];

export const GET: APIRoute = async () => {
  const all = await atlas();
  const pages = (await writtenPages()).filter(({ entry }) => 'status' in entry.data && isCurrent(entry.data)).sort((a, b) => order.indexOf(a.entry.kind) - order.indexOf(b.entry.kind));
  const [head = ''] = llmsText(all).split('\n\n## ');
  return new Response([`${head}\n`, ...pages.map((page) => twinOf(page, all, { joined: true }))].join('\n---\n\n'), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
};
