/** What a reader has to know of what was asked for: names that nobody bears, too many, too few. */
import { pairPath, pairsOf } from '../citing/pairs.ts';
import type { Asked, Comparison } from '../comparing/address.ts';
import type { Compared } from '../comparing/compared.ts';
import type { KnownName } from '../comparing/names.ts';
import { button, link, node } from './nodes.ts';

const mostProposed = 5;

/** @param change to what is asked instead, and in which words that is said */
export function notesOf({ asked, shown }: Comparison, patterns: readonly Compared[], known: readonly KnownName[], change: (asked: readonly Asked[], words: string) => void): HTMLElement[] {
  const titleOf = (slug: string): string => known.find((each) => each.slug === slug)?.title ?? slug;
  const spare = asked.flatMap((each) => ('slug' in each && !shown.includes(each.slug) ? [titleOf(each.slug)] : []));
  return [
    ...asked.flatMap((each) => ('slug' in each ? [] : [unknownName(each, asked, titleOf, change)])),
    ...(spare.length === 0 ? [] : [node('p', 'note', `A comparison takes at most four patterns. Not shown until one is taken out: ${spare.join(', ')}.`)]),
    ...(patterns.length === 1 ? [proposal(patterns, asked, titleOf, change)] : []),
    ...ownPage(patterns),
  ];
}

function unknownName(unknown: { unknown: string; meant?: string }, asked: readonly Asked[], titleOf: (slug: string) => string, change: (asked: readonly Asked[], words: string) => void): HTMLElement {
  const { unknown: name, meant } = unknown;
  const rest = asked.filter((each) => each !== unknown);
  const isThere = meant !== undefined && rest.some((each) => 'slug' in each && each.slug === meant);
  return node(
    'p', 'note', `No pattern of the catalogue is called “${name}”. `,
    ...(meant === undefined ? [] : isThere ? [`If you meant ${titleOf(meant)}, it is here already. `] : [
      'Did you mean ', button('chip', titleOf(meant), () => change(asked.map((each) => (each === unknown ? { slug: meant } : each)), `${titleOf(meant)} is added.`)), '? ',
    ]),
    button('chip', 'Leave it out', () => change(rest, `“${name}” is left out.`)),
  );
}

function proposal([one]: readonly Compared[], asked: readonly Asked[], titleOf: (slug: string) => string, change: (asked: readonly Asked[], words: string) => void): HTMLElement {
  const near = (one?.near ?? []).slice(0, mostProposed);
  return node(
    'p', 'note', `Which pattern shall stand beside ${one?.data.title ?? ''}? `,
    ...near.flatMap((slug) => [button('chip', titleOf(slug), () => change([...asked, { slug }], `${titleOf(slug)} is added.`)), ' ']),
  );
}

/** Of two alternatives, the page that is found by searching and works without a script. */
function ownPage(patterns: readonly Compared[]): HTMLElement[] {
  const [pair, ...others] = patterns.length === 2 ? pairsOf(patterns).filter((each) => each.every((slug) => patterns.some((pattern) => pattern.slug === slug))) : [];
  return pair === undefined || others.length > 0 ? [] : [node('p', 'own-page', 'These two have ', link(pairPath(pair), 'a page of their own'), '.')];
}
