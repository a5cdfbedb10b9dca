/** What cannot be begun, in words that say what to do instead. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { editDistance } from '../../src/catalogue/nearest.ts';
import { slugOf } from '../../src/finder/index-file.ts';
import { Refusal } from './request-shape.ts';
import type { Kind, KnownEntry, Request } from './request-shape.ts';

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

/** @throws Refusal where a page has this slug or name already, or one that is near to it */
export function refuseKnown(kind: Kind, name: string, known: readonly KnownEntry[], anyway: boolean): void {
  const others = known.filter((entry) => entry.kind === kind);
  const same = others.find((entry) => entry.slug === name);
  if (same !== undefined) throw new Refusal(same.status === 'outline' ? `"${name}" is the slug of ${same.title}, ${placeOf(same)}` : `${same.file} stands already. Edit it: npm run dev, and open ${same.address}`);
  const names = others.flatMap((entry) => [entry.slug, ...entry.names.map(slugOf)].map((each) => ({ name: each, entry })));
  const claimed = names.find((each) => each.name === name);
  if (claimed !== undefined) throw new Refusal(`"${name}" is ${name === slugOf(claimed.entry.title) ? 'the title' : 'another name'} of ${claimed.entry.title}, ${placeOf(claimed.entry)}`);
  const near = anyway ? undefined : names.find((each) => editDistance(each.name, name) <= Math.min(2, Math.floor(each.name.length / 6)));
  if (near !== undefined) throw new Refusal(`"${name}" is near to "${near.name}": did you mean ${near.entry.title}, ${placeOf(near.entry)}? If it is another thing, add --anyway`);
}

/** @throws Refusal where a file stands that would be written */
export function refuseTaken({ kind, slug, outline, file }: Request, root: string): void {
  for (const each of [file, ...(kind === 'pattern' ? [`src/examples/${slug}`] : [])]) {
    if (existsSync(join(root, each)) && each !== outline?.file) throw new Refusal(`${each} stands already, and nothing is written over it. Move it away, or choose another slug`);
  }
}

function placeOf({ kind, slug, file, status, address }: KnownEntry): string {
  return status === 'outline' ? `which stands in outline (${file}). To write its page: npm run new -- ${slug}` : `the ${kind} at ${address} (${file})`;
}
