import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const kept = 'content/versions/patterns/saga/1.0.md';
const programs = 'content/docs/contribute/for-programs.mdx';
const joined = (text: string): string => text.replace('A claim is one statement.\nLease and pause', 'A claim is one statement. Lease and pause');

export const fixtures: Fixture[] = [
  {
    name: 'two sentences, also behind a reference',
    plant: { [kept]: undefined, [saga]: (text) => joined(text).replace('tightly coupled by assumptions, and nobody could say how far a process had come. <Ref to="netflix-conductor" at="Why not peer to peer choreography?" />\nRücker', 'tightly coupled by assumptions, and nobody could say how far a process had come. <Ref to="netflix-conductor" at="Why not peer to peer choreography?" /> Rücker') },
    expected: [
      { file: saga, at: 'Lease and pause', found: 'a second sentence on the line' },
      { file: saga, at: 'Rücker, co-founder', found: 'a second sentence on the line' },
    ],
    mended: { [saga]: (text) => text },
  },
  { name: 'a version that was published keeps its lines', plant: { [saga]: joined }, expected: [] },
  {
    name: 'abbreviations, numbers, names, code, points of a list and what stands in bold before a sentence',
    plant: { [programs]: replaced('## News\n', '## News\n\nSee e.g. the file, version 2.0 of it, by J. Gray and `a. B` of it, and so on.\n\n**Why?** Because.\n\n- **One.** Two. Three.\n') },
    expected: [],
  },
];
