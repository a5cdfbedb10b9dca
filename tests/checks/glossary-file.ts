import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const glossary = 'content/data/glossary.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a term behind the one that it goes before',
    plant: { [glossary]: replaced('- id: goodput', '- id: bad-put') },
    expected: [{ file: glossary, at: 'bad-put', found: '"bad-put" behind "failover"', expected: 'each id once, in the order of the alphabet' }],
  },
  {
    name: 'a word at two terms',
    plant: { [glossary]: replaced('words: [goodput]', 'words: [goodput, Jitter]') },
    expected: [{ file: glossary, at: 'jitter, full', found: '"jitter", which leads to "goodput" already', expected: 'each word at one term' }],
  },
  {
    name: 'a pattern, a page and a source that are not there',
    plant: { [glossary]: (text) => text.replace('words: [jitter, full jitter]\n', 'words: [jitter, full jitter]\n  notOn: [sagga]\n').replace('patterns: [circuit-breaker]\n', 'patterns: [circuit-braker]\n').replace('sources: [azure-circuit-breaker]', 'sources: [azure-circuit-braker]') },
    expected: [
      { file: glossary, at: 'circuit-braker]\n  sources', found: '"circuit-braker"', expected: 'the slug of a pattern', nearest: 'circuit-breaker' },
      { file: glossary, at: 'azure-circuit-braker', found: '"azure-circuit-braker"', expected: 'the key of a source', nearest: 'azure-circuit-breaker' },
      { file: glossary, at: 'sagga', found: '"sagga"', expected: 'the slug of a pattern, a problem or a guide', nearest: 'saga' },
    ],
  },
];
