/** What nobody means well with: any text, any answers, any address. The same ones in each run. */
import { describe, expect, test } from 'vitest';
import { forceNames } from '../catalogue/names.ts';
import type { Force } from '../catalogue/vocabulary.ts';
import { loadCorpus } from './corpus.ts';
import type { Evidence, ForceAnswer } from './evidence.ts';
import { explain } from './explain.ts';
import { fitOf, recommended } from './fit.ts';
import { questionsFor } from './questions.ts';
import { rank } from './rank.ts';
import type { Hit } from './rank.ts';
import { chanceFrom } from './sample-chance.ts';
import { sampleAnswer, sampleIndex, samplePatterns } from './sample-pages.ts';
import { readState, writeState } from './state.ts';
import { longestText, tokensOf } from './tokens.ts';

const corpus = loadCorpus(sampleIndex);
const pieces = [
  'wet leaves', 'steam', 'boils', 'BoilTimeoutException', 'E_THERMOSTAT after 300s', 'teh kitchn', 'two times', ' ', '\n', '\t', '\u0000', '\u0007', '\u001B[31m', '\uFEFF', '\uFFFD', '\uD800', '\uDFFF', '\uDC00\uD800',
  '\u202Eevael tew', '\u200F', '\u200D', 'e\u0301\u0301\u0301\u0301', '\u0300'.repeat(300), '支払い', 'оплата', 'دفعتين', '👩‍👩‍👧‍👦', 'ß', 'İ', 'ﬀ', '<img src=x onerror=alert(1)>', '</script><script>', '&lt;', '"', "'", '’', '`${x}`', '(a+)+$', '[', '\\', '.*', '$&', '{{x}}',
  '%', '+', '=', '&', '#', ',', '__proto__', 'constructor', 'toString', 'javascript:alert(1)', 'a'.repeat(41), 'deadbeef00', '404', '9'.repeat(400), "o'".repeat(200), 'aA'.repeat(300), '-', '…',
];

function textsFrom(seed: number): { below: (count: number) => number; one: <T>(of: readonly [T, ...T[]] | readonly T[]) => T; text: (most: number) => string } {
  const next = chanceFrom(seed);
  const below = (count: number): number => next() % count;
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  // A piece, or a sign of any plane, halves of pairs included.
  const sign = (): string => (below(4) > 0 ? one(pieces) : below(2) === 0 ? String.fromCharCode(below(0x1_0000)) : String.fromCodePoint(below(0x11_0000)));
  return { below, one, text: (most) => Array.from({ length: below(most) }, sign).join(one(['', ' '])) };
}

describe('whatever is asked and answered', () => {
  const { below, one, text } = textsFrom(20261128);
  const claims = ['wet leaves', '', '\uD800<b>', 'We queue in front of the stove.'].map((words, at) => ({ id: `strange.00${at}`, kind: one(['symptom', 'condition'] as const), text: words, problem: one(['breakfast-is-late', 'none']), patterns: one([[], ['tea-egg'], ['none', '__proto__']]) }));
  const evidence = (): Evidence => ({
    forces: new Map(Array.from({ length: below(5) }, (): [Force, ForceAnswer] => [one(forceNames), one(['applies', 'must', 'not'])])),
    claims: Array.from({ length: below(4) }, () => ({ claim: one(claims), holds: below(2) === 0 })),
  });

  test('is ranked by finite points, in one order, each page once, and again the same', () => {
    let found = 0;
    for (let run = 0; run < 1_500; run++) {
      const [query, given] = [text(9), evidence()];
      const ranking = rank(corpus, query, given);
      for (const hits of [ranking.patterns, ranking.problems, ranking.ruledOut.map(({ hit }) => hit)]) {
        expect(hits.every(sound), query).toBe(true);
        expect(hits.every((hit, at) => at === 0 || comesBehind(hits[at - 1] as Hit, hit)), query).toBe(true);
      }
      const slugs = [...ranking.patterns, ...ranking.ruledOut.map(({ hit }) => hit)].map(({ slug }) => slug);
      expect(new Set(slugs).size, query).toBe(slugs.length);
      expect(rank(corpus, query, given), query).toEqual(ranking);
      found += ranking.patterns.length;
    }
    expect(found).toBeGreaterThan(500);
  });

  test('is explained and asked further in the author\'s words, at most so many', () => {
    for (let run = 0; run < 500; run++) {
      const [query, given, most] = [text(9), evidence(), below(4)];
      const ranking = rank(corpus, query, given);
      expect(recommended(ranking, most).length, query).toBeLessThanOrEqual(Math.max(most, 3));
      for (const hit of ranking.patterns) {
        const { because, terms } = explain(corpus, ranking, hit, sampleAnswer(hit.slug));
        expect(because?.segments.map((segment) => segment.text).join('') ?? '', query).toBe(because?.text ?? '');
        expect(terms.every((term) => query.includes(term)) && terms.length <= 5, query).toBe(true);
        expect(['strong', 'likely', 'possible', 'weak'], query).toContain(fitOf(ranking, hit));
      }
      for (const { gain, yes, no } of questionsFor(corpus, ranking, given, claims)) expect(Number.isFinite(gain) && yes.length <= 3 && no.length <= 3, query).toBe(true);
    }
  });

  test('costs no more than its first ten thousand letters, and 120 words of them', () => {
    const endless = Array.from({ length: 20_000 }, () => one(pieces)).join(' ');
    expect(tokensOf(endless)).toEqual(tokensOf(endless.slice(0, longestText)));
    expect(rank(corpus, endless)).toEqual(rank(corpus, endless.slice(0, longestText)));
    expect(rank(corpus, Array.from({ length: 5_000 }, (_, at) => `q${at.toString(26).replaceAll(/\d/g, 'z')}x`).join(' ')).slots).toHaveLength(120);
  });
});

describe('whatever stands in an address', () => {
  const { below, one, text } = textsFrom(11282026);
  const names = ['q', 'q', 'yes', 'no', 'applies', 'must', 'not', '__proto__', 'constructor', '', 'utm_source'];
  const values = [...pieces, 'no-broker', 'tight-latency,no-broker', 'kettle-lid.0a1', 'kettle-lid.0a1,tea-egg.zzz', '%E0%A4%A', '%00', '%', '%2', '%C0%AF', '%ED%A0%80', '%252C', '../x', ',,,', 'x'.repeat(3_000)];

  test('is read without a throw, stays within bounds, and comes back the same', () => {
    let kept = 0;
    for (let run = 0; run < 3_000; run++) {
      const search = `?${Array.from({ length: below(9) }, () => `${one(names)}${one(['=', '=', '=', ''])}${below(3) === 0 ? text(5) : one(values)}`).join('&')}`;
      const { state } = readState(search);
      expect([...state.forces.keys()].every((force) => forceNames.includes(force)), search).toBe(true);
      expect(state.claims.size, search).toBeLessThanOrEqual(40);
      const written = writeState(state);
      expect(written, search).toMatch(/^$|^\?[\w\-.~!*'(),%+=&]+$/);
      const again = readState(written);
      expect(again.damaged, search).toBe(false);
      expect(writeState(again.state), search).toBe(written);
      // Of the words only their beginning stands in an address, without what no address can hold.
      expect({ ...again.state, query: '', forces: sorted(again.state.forces), claims: sorted(again.state.claims) }, search).toEqual({ ...state, query: '', forces: sorted(state.forces), claims: sorted(state.claims) });
      expect(state.query.toWellFormed().replaceAll('\uFFFD', ' ').trim().startsWith(again.state.query), search).toBe(true);
      kept += state.forces.size + state.claims.size + state.query.length;
    }
    expect(kept).toBeGreaterThan(10_000);
  });

  test('finds as if it had been typed', () => {
    const typed = samplePatterns[0]?.data.symptoms[0] ?? '';
    expect(rank(corpus, readState(`${writeState(readState(`?q=${encodeURIComponent(typed)}`).state)}&q=<script>`).state.query)).toEqual(rank(corpus, typed));
  });
});

function sound({ score, points, moves }: Hit): boolean {
  return score > 0 && [score, ...points, ...moves.map((move) => move.points)].every(Number.isFinite);
}

function comesBehind(before: Hit, hit: Hit): boolean {
  return before.score > hit.score || (before.score === hit.score && before.slug < hit.slug);
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
