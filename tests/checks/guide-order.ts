import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const guide = 'content/docs/guides/one-slow-service.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'the place of another guide',
    plant: { [guide]: replaced('order: 4', 'order: 1') },
    expected: [{ file: 'content/docs/guides/one-slow-service.mdx', at: '1\npatterns', found: '1', expected: /^a place of its own; content\/docs\/guides\/.* has it$/ }],
  },
];
