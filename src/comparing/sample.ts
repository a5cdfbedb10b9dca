/** Three made-up patterns, for tests: change one thing and see what is said about it. */
import type { Compared } from './compared.ts';
import type { KnownName } from './names.ts';

export const names: KnownName[] = [
  { slug: 'steady-hand', title: 'Steady Hand', category: 'resilience', hasPage: true, aliases: ['Level Cup', 'LC'] },
  { slug: 'deep-cup', title: 'Deep Cup', category: 'data', hasPage: true, aliases: ['mug'] },
  { slug: 'dry-tram', title: 'Dry Tram', category: 'integration', hasPage: false, aliases: ['no coffee on board'] },
  { slug: 'second-cup', title: 'Second Cup', category: 'data', hasPage: true, aliases: ['spare mug'] },
  { slug: 'slow-driver', title: 'Slow Driver', category: 'resilience', hasPage: true, aliases: [] },
];

export function sampleCompared(slug = 'steady-hand', change: Partial<Compared['data']> = {}, more: Partial<Compared> = {}): Compared {
  const { title, category, hasPage } = names.find((name) => name.slug === slug) ?? { title: slug, category: 'data' as const, hasPage: true };
  return {
    slug,
    data: {
      title, category, description: `What ${title} does.`, status: hasPage ? 'reviewed' : 'outline', symptoms: [],
      useWhen: ['The tram brakes hard.'],
      notWhen: [{ when: 'The tram stands still', instead: 'Do nothing' }],
      forces: { 'must-answer-now': 1 }, relations: [],
      tradeOffs: hasPage ? { latency: { value: -1, why: 'You walk slowly' } } : {},
      changes: hasPage ? [{ version: '1.0' }] : [],
      ...change,
    },
    words: { watch: [] }, costs: [], says: [], sources: [], problems: [], others: [], near: [],
    ...more,
  };
}
