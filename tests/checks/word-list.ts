import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const list = 'content/data/words.txt';
const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a word that no page uses',
    plant: { [list]: replaced('\nwebhook\n', '\nwebhook\nwebhookery\n') },
    expected: [{ file: list, at: 'webhookery', found: '"webhookery", which no page uses' }],
    mended: { [list]: (text) => text },
  },
  {
    name: 'a word that stands there twice, and one in another place',
    plant: { [list]: (text) => text.replace('\nkubectl\n', '\n').replace('\nwebhook\n', '\nwebhook\nkubectl\nwebhook\n') },
    expected: [
      { file: list, at: 'kubectl', found: /^"kubectl" behind "\w+"$/ },
      { file: list, at: 'webhook\nwebhooks', found: '"webhook" a second time' },
    ],
    mended: { [list]: (text) => text.replace('\nkubectl\n', '\n').replace('\nwebhook\n', '\nwebhook\nkubectl\n') },
  },
  {
    name: 'a page that cannot be read, and may use any word',
    plant: { [saga]: replaced('category: data', 'category: dta') },
    expected: [],
  },
];
