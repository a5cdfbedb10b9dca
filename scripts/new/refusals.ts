/** What cannot be begun, in words that say what to do instead. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { editDistance } from '../../src/catalogue/nearest.ts';
import { slugOf } from '../../src/finder/index-file.ts';
import { Refusal } from './request-shape.ts';
import type { KnownEntry, Request } from './request-shape.ts';

/** Names of devices on Windows, and names that say nothing. */
const unfit = /^(con|prn|aux|nul|com\d|lpt\d|utils?|helpers?|common|misc|libs?|index|code)$/;

/** @throws Refusal for a name that no page can have */
export function refuseName({ slug }: Pick<Request, 'slug'>): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
    const better = slugOf(slug);
    throw new Refusal(`"${slug}" is no slug: lower-case words joined by hyphens.${better === '' ? '' : ` Did you mean "${better}"?`}`, 2);
  }
  if (unfit.test(slug)) throw new Refusal(`"${slug}" cannot be the name of a file here. Name the page after what it tells`, 2);
  if (slug.length > 60) throw new Refusal(`"${slug}" has ${slug.length} characters; expected at most 60, since it stands in the address`, 2);
}

/** @throws Refusal where a page, a name or a file stands already */
export function refuseTaken({ kind, slug, title, outline, file }: Request, known: readonly KnownEntry[], root: string, anyway: boolean): void {
  const others = known.filter((entry) => entry.kind === kind && entry.file !== outline?.file);
  const same = others.find((entry) => entry.slug === slug);
  if (same !== undefined) throw new Refusal(`${same.file} stands already. Edit it: npm run dev, and open ${same.address}`);
  for (const each of [file, ...(kind === 'pattern' ? [`src/examples/${slug}`] : [])]) {
    if (existsSync(join(root, each)) && each !== outline?.file) throw new Refusal(`${each} stands already, and nothing is written over it. Move it away, or choose another slug`);
  }
  if (outline !== undefined) return;
  const names = others.flatMap((entry) => [entry.slug, ...entry.names.map(slugOf)].map((name) => ({ name, entry })));
  const wanted = [slug, slugOf(title)];
  const claimed = names.find(({ name }) => wanted.includes(name));
  if (claimed !== undefined) throw new Refusal(`"${claimed.name}" is ${claimed.name === slugOf(claimed.entry.title) ? 'the title' : 'another name'} of ${claimed.entry.title}, ${placeOf(claimed.entry)}`);
  const near = anyway ? undefined : names.find(({ name }) => wanted.some((each) => editDistance(each, name) <= Math.min(2, Math.floor(name.length / 6))));
  if (near !== undefined) throw new Refusal(`"${slug}" is near to "${near.name}": did you mean ${near.entry.title}, ${placeOf(near.entry)}? If it is another thing, add --anyway`);
}

function placeOf({ kind, slug, file, status, address }: KnownEntry): string {
  return status === 'outline' ? `which stands in outline (${file}). To write its page: npm run new -- ${slug}` : `the ${kind} at ${address} (${file})`;
}
