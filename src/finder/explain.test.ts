import { describe, expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { noEvidence } from './evidence.ts';
import { explain, sentenceOf } from './explain.ts';
import type { Explanation } from './explain.ts';
import { rank } from './rank.ts';
import { sampleAnswer, sampleIndex } from './sample-pages.ts';

const corpus = loadCorpus(sampleIndex);

describe('because', () => {
  test('quotes the symptom that matched best and marks the words in it', () => {
    const { because } = explained('steam on my windows', 'kettle-lid');
    expect(because?.kind).toBe('symptom');
    expect(because?.text).toBe('The kitchen window is wet with steam.');
    expect(because?.segments.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['window', 'steam']);
  });

  test('the segments together are the sentence, letter by letter', () => {
    const { because } = explained('water boils twice', 'kettle-lid');
    expect(because?.segments.map(({ text }) => text).join('')).toBe(because?.text);
  });

  test('marks a phrase and a word inside it once', () => {
    const { because } = explained('blocked two times', 'tea-egg');
    expect(because?.segments.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['blocked', 'two times']);
    expect(because?.segments.map(({ text }) => text).join('')).toBe('The sink is blocked with wet leaves two times a week.');
  });

  test('marks a word of the same meaning', () => {
    const { because } = explained('cookies', 'biscuit-tin');
    expect(because?.segments.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['biscuits']);
  });

  test('quotes what else matched where no symptom did', () => {
    expect(explained('open vessel', 'kettle-lid').because?.kind).toBe('use');
    expect(explained('E_THERMOSTAT', 'kettle-lid').because).toMatchObject({ kind: 'error', text: 'E_THERMOSTAT after 300s' });
    expect(explained('floats in a cup', 'tea-egg').because?.kind).toBe('description');
    expect(explained('late for breakfast', 'kettle-lid').because).toMatchObject({ kind: 'problem', text: 'Breakfast is late' });
  });
});

describe('the words named', () => {
  test('are the reader\'s own, as written', () => {
    expect(explained('STEAM on the Windows!', 'kettle-lid').terms.toSorted()).toEqual(['STEAM', 'Windows']);
  });

  test('are true: without any one of them the score is lower', () => {
    for (const query of ['wet leaves block the sink two times a week', 'water never boils and the window is wet with steam', 'ants walk over my cookies']) {
      for (const hit of rank(corpus, query).patterns) {
        for (const term of explained(query, hit.slug).terms) {
          const without = rank(corpus, query.replaceAll(term, ' ')).patterns.find(({ slug }) => slug === hit.slug)?.score ?? 0;
          expect(without, `"${term}" in "${query}" for ${hit.slug}`).toBeLessThan(hit.score);
        }
      }
    }
  });

  test('are five at most', () => {
    expect(explained('wet leaves block the sink twice a week between my teeth', 'tea-egg').terms.length).toBeLessThanOrEqual(5);
  });
});

describe('but', () => {
  test('is the not-when nearest to the question', () => {
    expect(explained('steam in the room', 'kettle-lid').but).toEqual({ when: 'You want steam in the room', instead: 'Take it off.', see: 'tea-egg' });
  });

  test('is the first where none is near', () => {
    expect(explained('window', 'kettle-lid').but?.when).toBe('The milk boils over');
  });

  test('names the forces that speak against it', () => {
    const { moves } = explained('the window is wet with steam', 'kettle-lid', { ...noEvidence, forces: new Map([['no-broker', 'applies'], ['tight-latency', 'not'], ['many-teams', 'applies']]) });
    expect(moves.filter(({ points }) => points < 0).map(sentenceOf)).toEqual(['There is no message broker, and none is wanted', 'Does not apply: The latency budget is tight']);
    expect(moves.filter(({ points }) => points > 0)).toEqual([]);
  });
});

function explained(query: string, slug: string, evidence = noEvidence): Explanation {
  const ranking = rank(corpus, query, evidence);
  const hit = ranking.patterns.find((each) => each.slug === slug);
  if (hit === undefined) throw new Error(`"${query}" does not find ${slug}`);
  return explain(corpus, ranking, hit, sampleAnswer(slug));
}
