import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a component that is misspelt',
    plant: { [saga]: replaced('<TradeOffs />', '<Tradeoff />') },
    expected: [{ file: saga, at: 'Tradeoff />', found: '"Tradeoff", a component that does not exist', nearest: 'TradeOffs' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'one that the page does not import',
    plant: { [saga]: replaced('Ref, Related, ', 'Ref, ') },
    expected: [{ file: saga, at: 'Related />', found: '"Related", which the page does not import' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'one that the house does not have, in the import and in the text',
    plant: { [saga]: (text) => text.replace('Ref, Related, ', 'Ref, Related, Carousel, ').replace('<Forces />', '<Forces />\n\n<Chart />') },
    expected: [
      { file: saga, at: 'Carousel', found: '"Carousel", a component that does not exist' },
      { file: saga, at: 'Chart />', found: '"Chart", a component that does not exist' },
    ],
  },
];
