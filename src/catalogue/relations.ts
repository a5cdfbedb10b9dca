/** A relation is stated on one page and seen from both. No imports: labels live in the vocabulary. */

export interface StatedRelation<Kind extends string> { to: string; as: Kind; why: string }

/** With the page that states it. */
export interface PlacedRelation<Kind extends string> extends StatedRelation<Kind> { from: string }

export interface SeenRelation<Kind extends string> {
  /** The pattern at the other end. */
  slug: string;
  as: Kind;
  /** True where the other page states it, so that the inverse label applies. */
  inverse: boolean;
  why: string;
}

/** Every relation of `slug`, its own first, then those that others state about it. */
export function relationsOf<Kind extends string>(
  slug: string,
  patterns: readonly { slug: string; relations: readonly StatedRelation<Kind>[] }[],
): SeenRelation<Kind>[] {
  const own = patterns.find((pattern) => pattern.slug === slug)?.relations ?? [];
  const stated = own.map(({ to, as, why }): SeenRelation<Kind> => ({ slug: to, as, inverse: false, why }));
  const inverse = patterns.flatMap((pattern) => pattern.relations
    .filter((relation) => relation.to === slug)
    .map(({ as, why }): SeenRelation<Kind> => ({ slug: pattern.slug, as, inverse: true, why })));
  return [...stated, ...inverse];
}

/** Every relation with both ends among `patterns`, in their order: what a map of them shows. */
export function relationsAmong<Kind extends string>(patterns: readonly { slug: string; data: { relations: readonly StatedRelation<Kind>[] } }[]): PlacedRelation<Kind>[] {
  const slugs = new Set(patterns.map(({ slug }) => slug));
  return patterns.flatMap(({ slug, data }) => data.relations.filter(({ to }) => slugs.has(to)).map((relation) => ({ from: slug, ...relation })));
}
