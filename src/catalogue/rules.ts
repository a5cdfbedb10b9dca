/** Rules between entries: what no schema of a single file can see. */
import type { Entry, Pattern } from './schema.ts';
import { near } from './violations.ts';
import type { Violation } from './violations.ts';

export interface LocatedEntry {
  /** Path below the repository, with forward slashes. */
  file: string;
  /** Last part of the file's name; the identity of a pattern or problem. */
  slug: string;
  data: Entry;
}

/** @param unreadable slugs of patterns whose own frontmatter is broken: to name them is no second mistake */
export function crossChecks(entries: readonly LocatedEntry[], sourceKeys: ReadonlySet<string>, unreadable: Iterable<string> = []): Violation[] {
  const patterns = entries.filter((entry): entry is LocatedEntry & { data: Pattern } => entry.data.kind === 'pattern');
  const slugs = new Set([...patterns.map((pattern) => pattern.slug), ...unreadable]);
  return [
    ...entries.flatMap((entry) => unknownTargets(entry, slugs)),
    ...entries.flatMap((entry) => unknownSources(entry, sourceKeys)),
    ...patterns.flatMap(wrongFolder),
    ...patterns.flatMap(ownNameInSymptom),
    ...statedTwice(patterns),
    ...aliasClaimedTwice(patterns),
    ...slugUsedTwice(entries),
    ...placeTakenTwice(entries),
  ];
}

function unknownTargets({ file, slug, data }: LocatedEntry, slugs: ReadonlySet<string>): Violation[] {
  const named: [key: string, target: string | undefined][] = [];
  if (data.kind === 'pattern') {
    data.relations.forEach((relation, index) => named.push([`relations.${index}.to`, relation.to]));
    data.notWhen.forEach((entry, index) => named.push([`notWhen.${index}.see`, entry.see]));
  }
  if (data.kind === 'problem') data.candidates.forEach((candidate, index) => named.push([`candidates.${index}.pattern`, candidate.pattern]));
  if (data.kind === 'guide') data.patterns.forEach((pattern, index) => named.push([`patterns.${index}`, pattern]));
  if (data.kind === 'contribution') named.push(['borrows.pattern', data.borrows?.pattern]);
  return named.flatMap(([key, target]): Violation[] => {
    if (target === undefined) return [];
    if (target === slug && data.kind === 'pattern') return [{ rule: 'relation-to-itself', file, key, found: `"${target}"`, expected: 'another pattern, not the page itself' }];
    if (slugs.has(target)) return [];
    return [{ rule: 'unknown-pattern', file, key, found: `"${target}"`, expected: `the slug of a pattern: one of ${[...slugs].sort().join(', ')}`, ...near(target, slugs) }];
  });
}

function unknownSources({ file, data }: LocatedEntry, keys: ReadonlySet<string>): Violation[] {
  if (!('sources' in data)) return [];
  return data.sources.flatMap((key, index): Violation[] => (keys.has(key) ? [] : [{
    rule: 'unknown-source',
    file,
    key: `sources.${index}`,
    found: `"${key}"`,
    expected: `a file content/data/sources/${key}.yaml`,
    ...near(key, keys),
  }]));
}

function wrongFolder({ file, data }: LocatedEntry & { data: Pattern }): Violation[] {
  const folder = file.split('/').at(-2) ?? '';
  return folder === data.category ? [] : [{ rule: 'wrong-category', file, key: 'category', found: `"${data.category}"`, expected: `"${folder}", the folder of the file` }];
}

function ownNameInSymptom({ file, data }: LocatedEntry & { data: Pattern }): Violation[] {
  const names = [data.title, ...data.alsoKnownAs].map((name) => name.toLowerCase());
  return data.symptoms.flatMap((symptom, index): Violation[] => {
    const name = names.find((each) => symptom.toLowerCase().includes(each));
    return name === undefined ? [] : [{ rule: 'name-in-symptom', file, key: `symptoms.${index}`, found: `the name "${name}"`, expected: 'what a reader sees before knowing the answer' }];
  });
}

function statedTwice(patterns: readonly (LocatedEntry & { data: Pattern })[]): Violation[] {
  const seen = new Map<string, string>();
  return patterns.flatMap(({ file, slug, data }) => data.relations.flatMap((relation, index): Violation[] => {
    const pair = `${[slug, relation.to].sort().join(' ')} ${relation.as}`;
    const first = seen.get(pair);
    seen.set(pair, file);
    return first === undefined ? [] : [{ rule: 'relation-twice', file, key: `relations.${index}`, found: `"${relation.as}" between ${slug} and ${relation.to}`, expected: `a relation that is stated once; ${first} already does` }];
  }));
}

function aliasClaimedTwice(patterns: readonly (LocatedEntry & { data: Pattern })[]): Violation[] {
  const owner = new Map<string, string>();
  return patterns.flatMap(({ file, slug, data }) => [data.title, ...data.alsoKnownAs].flatMap((name, index): Violation[] => {
    const other = owner.get(name.toLowerCase());
    owner.set(name.toLowerCase(), slug);
    return other === undefined ? [] : [{ rule: 'name-twice', file, key: index === 0 ? 'title' : `alsoKnownAs.${index - 1}`, found: `"${name}"`, expected: `a name that no other pattern has; it belongs to ${other}` }];
  }));
}

function slugUsedTwice(entries: readonly LocatedEntry[]): Violation[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ file, slug, data }): Violation[] => {
    // The address of a page of the house is its path.
    if (data.kind === 'contribution' || data.kind === 'plain') return [];
    const key = `${data.kind}/${slug}`;
    const other = first.get(key);
    first.set(key, file);
    return other === undefined ? [] : [{ rule: 'slug-twice', file, key: 'file name', found: `"${slug}"`, expected: `a slug of its own; ${other} has it` }];
  });
}

function placeTakenTwice(entries: readonly LocatedEntry[]): Violation[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ file, data }): Violation[] => {
    if (!('order' in data) || data.order === undefined) return [];
    const place = `${data.kind} ${data.order}`;
    const other = first.get(place);
    first.set(place, file);
    return other === undefined ? [] : [{ rule: 'guide-order', file, key: 'order', found: String(data.order), expected: `a place of its own; ${other} has it` }];
  });
}
