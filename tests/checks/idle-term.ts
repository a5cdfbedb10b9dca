import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const glossary = 'content/data/glossary.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a term that no page has',
    plant: { [glossary]: replaced('words: [goodput]', 'words: [good put]') },
    expected: [{ file: glossary, at: '[good put]', found: '"good put", which no page says', expected: 'the words with which pages of patterns, problems or guides say it' }],
  },
];
