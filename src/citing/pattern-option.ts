/** A pattern as an option of a decision, with because and but. */
import { isPublished } from '../catalogue/vocabulary.ts';
import type { RelationKind } from '../catalogue/vocabulary.ts';
import type { Option } from './finding.ts';
import { midSentence } from './markdown.ts';
import { patternOf } from './pattern-facts.ts';
import type { Facts, NotWhen, PatternFacts } from './pattern-facts.ts';
import { pinned } from './pinned.ts';

export function patternOption({ home }: Facts, { slug, data, words }: PatternFacts, { because, but }: Pick<Option, 'because' | 'but'>): Option {
  const [current] = data.changes;
  return {
    title: data.title,
    isPattern: true,
    description: data.description,
    ...(!isPublished(data) || current === undefined ? {} : { page: { address: pinned(home, 'pattern', slug, current.version), version: current.version } }),
    because, but,
    tradeOffs: data.tradeOffs,
    watch: words.watch,
  };
}

/** What to do in plain words: its first part is the name. */
export function plainOption(text: string, { because, but }: Pick<Option, 'because' | 'but'>): Option {
  const [title = text, rest = ''] = text.replace(/\.$/, '').split(/[;:] (.*)/s);
  return { title, isPattern: false, description: rest.charAt(0).toUpperCase() + rest.slice(1), because, but, tradeOffs: {}, watch: [] };
}

export function wrongChoice({ when, instead }: NotWhen): string {
  return `it is the wrong choice if ${midSentence(when)}. Then: ${instead}`;
}

/** What it cannot do without, and what it cannot stand beside; both may be stated on the other page. */
export function burdens(facts: Facts, slug: string): string[] {
  const titleOf = (other: string): string => patternOf(facts, other).data.title;
  return facts.patterns.flatMap((page) => page.data.relations.flatMap(({ to, as, why }) => {
    if (as === 'requires' && page.slug === slug) return [`it requires ${titleOf(to)}: ${midSentence(why)}`];
    if (as === 'conflicts-with' && (page.slug === slug || to === slug)) return [`it conflicts with ${titleOf(page.slug === slug ? to : page.slug)}: ${midSentence(why)}`];
    return [];
  }));
}

/** Its own exceptions, those first that send a reader to the other. */
export function leading({ data: { notWhen } }: PatternFacts, ...others: string[]): PatternFacts['data']['notWhen'] {
  const leads = ({ see }: { see?: string | undefined }): boolean => see !== undefined && others.includes(see);
  return [...notWhen.filter(leads), ...notWhen.filter((each) => !leads(each))];
}

/** What the pages of these patterns say about each other. */
export function relationsBetween(facts: Facts, slugs: readonly string[], kinds = Object.keys(verbs) as RelationKind[]): string[] {
  return slugs.flatMap((slug) => relationsOf(facts, patternOf(facts, slug), kinds, slugs));
}

/** What its own page says of others; a sentence that says "here" means the pattern that is named first. */
export function relationsOf(facts: Facts, { data }: PatternFacts, kinds: readonly RelationKind[], others?: readonly string[]): string[] {
  return data.relations.filter(({ to, as }) => kinds.includes(as) && (others === undefined || others.includes(to)))
    .map(({ to, as, why }) => `${data.title} ${verbs[as]} ${patternOf(facts, to).data.title}: ${midSentence(why)}`);
}

const verbs: Record<RelationKind, string> = {
  requires: 'requires', complements: 'goes with', 'alternative-to': 'compared with', refines: 'refines', 'leads-to': 'leads to', 'conflicts-with': 'conflicts with',
};
