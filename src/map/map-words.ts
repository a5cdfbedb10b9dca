import { categories, relationKinds } from '../catalogue/vocabulary.ts';
import type { Category, RelationKind } from '../catalogue/vocabulary.ts';
import type { Chart } from './charted.ts';

export const mapTitle = 'Map of the patterns';

/** What the map shows, for those who cannot see it. */
export function mapDescription({ patterns, relations }: Chart): string {
  const groups = (Object.keys(categories) as Category[]).flatMap((category) => counted(patterns.filter((pattern) => pattern.category === category).length, categories[category].label.toLowerCase()));
  const kinds = (Object.keys(relationKinds) as RelationKind[]).flatMap((kind) => counted(relations.filter(({ as }) => as === kind).length, `“${relationKinds[kind].label.toLowerCase()}”`));
  return `${patterns.length} patterns in ${groups.length} groups: ${groups.join(', ')}. ${relations.length} lines between them: ${kinds.join(', ')}. An arrow points to the pattern that is required, refined or led to.`;
}

function counted(number: number, of: string): string[] {
  return number === 0 ? [] : [`${number} ${of}`];
}
