import { describe, expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { anythingFits, fitOf, recommended } from './fit.ts';
import { rank } from './rank.ts';
import { sampleIndex, samplePatterns, sampleProblems } from './sample-pages.ts';

const corpus = loadCorpus(sampleIndex);

describe('ranking', () => {
  test('each symptom finds its own pattern first', () => {
    for (const { slug, data } of samplePatterns) for (const symptom of data.symptoms) expect(first(symptom), symptom).toBe(slug);
  });

  test('names, other names, log lines and problems lead to patterns', () => {
    expect(first('tea egg')).toBe('tea-egg');
    expect(first('cover')).toBe('kettle-lid');
    expect(first('E_THERMOSTAT')).toBe('kettle-lid');
    expect(rank(corpus, 'the children leave').problems[0]?.slug).toBe('breakfast-is-late');
  });

  test('each symptom of a problem finds one of its candidates among the first three', () => {
    for (const { data } of sampleProblems) {
      const candidates = data.candidates.flatMap(({ pattern }) => pattern ?? []);
      for (const symptom of data.symptoms) expect(rank(corpus, symptom).patterns.slice(0, 3).some(({ slug }) => candidates.includes(slug)), symptom).toBe(true);
    }
  });

  test('another word or phrase of the same meaning finds it, for less than the word itself', () => {
    expect(first('cookies')).toBe('biscuit-tin');
    expect(first('nothing bubbles up')).toBe('kettle-lid');
    expect(rank(corpus, 'cookie').patterns[0]?.score).toBeLessThan(rank(corpus, 'biscuit').patterns[0]?.score ?? 0);
  });

  test('a typing error still finds it', () => {
    expect(first('bisciuts')).toBe('biscuit-tin');
  });

  test('the points of all words together are the score', () => {
    for (const { score, points } of rank(corpus, 'wet leaves and steam on the window').patterns) expect(points.reduce((sum, each) => sum + each, 0)).toBeCloseTo(score, 10);
  });

  test('a word said often counts once', () => {
    expect(rank(corpus, 'steam steam steam').patterns).toEqual(rank(corpus, 'steam').patterns);
  });

  test('the same question gives the same answer', () => {
    expect(rank(loadCorpus(sampleIndex), 'wet leaves').patterns).toEqual(rank(corpus, 'wet leaves').patterns);
  });
});

describe('strange questions', () => {
  test('nothing, white space and signs find nothing', () => {
    expect(['', '   ', '?!… — …', '\u0000\uFFFD'].map((query) => rank(corpus, query).patterns)).toEqual([[], [], [], []]);
  });

  test('nonsense and other scripts find nothing, and nothing breaks', () => {
    expect(rank(corpus, 'xqzw vvkplm').patterns).toEqual([]);
    expect(rank(corpus, '支払いが二重になる оплата дважды 🫖🫖').patterns).toEqual([]);
  });

  test('names of the language itself are words like others', () => {
    expect(rank(corpus, 'constructor __proto__ toString hasOwnProperty').patterns).toEqual([]);
  });

  test('markup is read as words', () => {
    expect(first('<b onclick="steam()">wet</b> window')).toBe('kettle-lid');
  });

  test('ten thousand characters of different words take no longer than a moment', () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `w${index.toString(36).replaceAll(/\d/g, 'x')}q`).join(' ');
    const startMs = performance.now();
    rank(corpus, words);
    expect(performance.now() - startMs).toBeLessThan(250);
  });

  test('a stack trace finds what its words name', () => {
    const trace = `${'  at com.example.kitchen.StoveController.heat(StoveController.java:123)\n'.repeat(60)}Caused by: WaterBoilException: E_THERMOSTAT after 300s`;
    expect(first(trace)).toBe('kettle-lid');
  });
});

describe('the word for the fit', () => {
  test('a symptom in the author\'s words is strong', () => {
    expect(fit('There are wet leaves between my teeth')).toBe('strong');
  });

  test('one word of several that nobody knows is below the floor', () => {
    expect(fit('quantum flux of the steam condensator matrix hypervisor')).toBe('weak');
    expect(anythingFits(rank(corpus, 'quantum flux of the steam condensator matrix hypervisor'))).toBe(false);
  });

  test('nothing found fits nothing', () => {
    expect(anythingFits(rank(corpus, 'xqzw'))).toBe(false);
  });

  test('a hit far behind the best is not recommended, though it answers two words', () => {
    const ranking = rank(corpus, 'kitchen window; leaves together in the cup, blocked sink, between the teeth');
    const second = ranking.patterns.find(({ slug }) => slug === 'kettle-lid');
    expect(ranking.patterns[0]?.slug).toBe('tea-egg');
    expect(second === undefined ? undefined : fitOf(ranking, second)).toBe('weak');
    expect(recommended(ranking, 5).map(({ slug }) => slug)).toEqual(['tea-egg']);
  });

  test('when nothing fits, the closest are still named', () => {
    const ranking = rank(corpus, 'quantum flux of the steam condensator matrix hypervisor');
    expect(recommended(ranking, 5)).toEqual(ranking.patterns.slice(0, 3));
  });
});

function first(query: string): string | undefined {
  return rank(corpus, query).patterns[0]?.slug;
}

function fit(query: string): string | undefined {
  const ranking = rank(corpus, query);
  const [best] = ranking.patterns;
  return best === undefined ? undefined : fitOf(ranking, best);
}
