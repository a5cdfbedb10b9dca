import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import type { Catalogue } from '../../src/catalogue/files.ts';
import { readKinWords } from '../../src/catalogue/kin-words.ts';
import { readSynonyms } from '../../src/catalogue/synonyms.ts';
import { forces } from '../../src/catalogue/vocabulary.ts';
import type { Force } from '../../src/catalogue/vocabulary.ts';
import { claimId } from '../../src/finder/claims.ts';
import { loadCorpus } from '../../src/finder/corpus.ts';
import { noEvidence } from '../../src/finder/evidence.ts';
import type { Evidence, ForceAnswer } from '../../src/finder/evidence.ts';
import { explain, termsOf } from '../../src/finder/explain.ts';
import { anythingFits } from '../../src/finder/fit.ts';
import { kinTable } from '../../src/finder/kin.ts';
import { packIndex } from '../../src/finder/pack.ts';
import { answerOf } from '../../src/finder/pages.ts';
import { rank } from '../../src/finder/rank.ts';
import { synonymGroups } from '../../src/finder/synonyms.ts';
import { largerCatalogue } from './larger-catalogue.ts';

/** Shares of tests/finder/queries.jsonl (198 questions, 59 patterns), found first and among the first three, when last measured. A change may raise them, never lower them. */
const recordedHitAt1 = 0.89;
const recordedHitAt3 = 0.99;

const catalogue = withoutDrafts(readCatalogue());
const { patterns, problems, questions } = catalogue;
const synonyms = synonymGroups(readSynonyms());
const kin = kinTable(readKinWords());
const index = packIndex({ patterns, problems, synonyms, questions, kin });
const corpus = loadCorpus(index);
const queries = readFileSync('tests/finder/queries.jsonl', 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { id: string; query: string; pattern: string });

describe('questions of our own', () => {
  test('each has an id of its own', () => {
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
  });

  test('the share that finds it among the first three does not fall', () => {
    const missed = queries.filter(({ query, pattern }) => !found(query).slice(0, 3).includes(pattern)).map(({ id, query }) => `${id} "${query}" finds ${found(query).slice(0, 3).join(', ')}`);
    expect(1 - missed.length / queries.length, missed.join('; ')).toBeGreaterThanOrEqual(recordedHitAt3);
  });

  test('the share that finds it first does not fall', () => {
    const missed = queries.filter(({ query, pattern }) => found(query)[0] !== pattern).map(({ id, query }) => `${id} finds ${found(query)[0]}`);
    expect(1 - missed.length / queries.length, missed.join('; ')).toBeGreaterThanOrEqual(recordedHitAt1);
  });

  test('none is told that nothing fits', () => {
    expect(queries.filter(({ query }) => !anythingFits(rank(corpus, query))).map(({ id }) => id)).toEqual([]);
  });
});

describe('explanations are true', () => {
  const answers = new Map(patterns.map((page) => [page.slug, answerOf(page, patterns, problems)]));

  test('each word named moved the score: without it the pattern is lower', () => {
    const untrue = queries.flatMap(({ id, query }) => {
      const ranking = rank(corpus, query);
      return ranking.patterns.slice(0, 3).flatMap((hit) => termsOf(ranking, hit).filter((term) => {
        const without = rank(corpus, withoutWord(query, term)).patterns.find(({ slug }) => slug === hit.slug)?.score ?? 0;
        return without >= hit.score;
      }).map((term) => `${id}: "${term}" for ${hit.slug}`));
    });
    expect(untrue).toEqual([]);
  });

  test('each marked word of a quotation is one that the reader said or that means the same', () => {
    const untrue = queries.flatMap(({ id, query }) => {
      const ranking = rank(corpus, query);
      const said = new Set(ranking.slots.flatMap((slot) => [...slot.matches.keys()]));
      return ranking.patterns.slice(0, 3).flatMap((hit) => {
        const answer = answers.get(hit.slug);
        const because = answer === undefined ? undefined : explain(corpus, ranking, hit, answer).because;
        return (because?.segments ?? []).filter(({ text, marked }) => marked && !corpus.synonyms.terms(text).some(({ stem }) => said.has(stem))).map(({ text }) => `${id}: "${text}" for ${hit.slug}`);
      });
    });
    expect(untrue).toEqual([]);
  });

  test('each force named moved the score: taking it back takes its points back, and the rank is no better without one that speaks for it', () => {
    const every = Object.keys(forces) as Force[];
    const untrue = queries.flatMap(({ id, query }, at) => {
      // Three forces a question, other ones each time, in each of the two answers that do not rule out.
      const evidence: Evidence = { ...noEvidence, forces: new Map([0, 1, 2].map((step): [Force, ForceAnswer] => [every[(at * 3 + step) % every.length] ?? 'small-team', step === 1 ? 'not' : 'applies'])) };
      const hits = rank(corpus, query, evidence).patterns;
      return hits.slice(0, 3).flatMap((hit, place) => hit.moves.flatMap((move) => {
        if (move.kind !== 'force') return [];
        const rest = rank(corpus, query, { ...evidence, forces: new Map([...evidence.forces].filter(([force]) => force !== move.force)) }).patterns;
        const score = rest.find(({ slug }) => slug === hit.slug)?.score ?? 0;
        const others = rest.filter((other) => other.slug !== hit.slug && (hits.find(({ slug }) => slug === other.slug)?.moves ?? []).every((each) => each.kind !== 'force' || each.force !== move.force));
        const above = others.filter((other) => other.score > score).length;
        const aboveBefore = others.filter(({ slug }) => hits.slice(0, place).some((other) => other.slug === slug)).length;
        const moved = Math.abs(hit.score - move.points - score) < 1e-9;
        return moved && (move.points < 0 || above >= aboveBefore) ? [] : [`${id}: ${move.force} for ${hit.slug}`];
      }));
    });
    expect(untrue).toEqual([]);
  });
});

describe('sentences that a reader can confirm', () => {
  test('have identifiers of their own', () => {
    const ids = [
      ...problems.flatMap(({ slug, data }) => data.symptoms.map((text) => claimId(slug, text))),
      ...patterns.flatMap((page) => [...new Set(answerOf(page, patterns, problems).conditions.map(({ when }) => when))].map((when) => claimId(page.slug, when))),
    ];
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});

describe('what readers paste', () => {
  test('two words are enough', () => {
    for (const [query, slug] of [['charged twice', 'idempotency-key'], ['circuit breaker', 'circuit-breaker'], ['dual write', 'transactional-outbox']] as const) expect(found(query)[0], query).toBe(slug);
  });

  test('typing errors are forgiven', () => {
    for (const [query, slug] of [['custmers are chargd twise', 'idempotency-key'], ['circut braker', 'circuit-breaker'], ['stranglr figg', 'strangler-fig'], ['distribted traccing', 'distributed-tracing']] as const) expect(found(query).slice(0, 3), query).toContain(slug);
  });

  test('a stack trace is ranked by what it names', () => {
    const frames = Array.from({ length: 120 }, (_, line) => `\tat com.shop.orders.PaymentClient.call(PaymentClient.java:${line + 10})`).join('\n');
    const trace = `Exception in thread "http-nio-8080-exec-7" io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker 'payments' is OPEN and does not permit further calls\n${frames}`;
    expect(found(trace).slice(0, 3)).toContain('circuit-breaker');
  });

  test('markup, other scripts, control characters and nothing do no harm', () => {
    const pasted = ['<script>alert(1)</script><img src=x onerror=alert(2)>', '支払いが二重になる', 'Клиенты списаны дважды', '\u0000\u202E\uFFFD', '\uD800', '🫖'.repeat(500), '%00%E0%A4%A', '{{constructor}}', ''];
    for (const text of pasted) expect(() => rank(corpus, text), text).not.toThrow();
    expect(anythingFits(rank(corpus, '支払いが二重になる'))).toBe(false);
  });

  test('ten thousand characters are ranked in a moment', () => {
    const words = Array.from({ length: 2_000 }, (_, at) => `retry${at.toString(36)}x`).join(' ').slice(0, 10_000);
    const startMs = performance.now();
    rank(corpus, words);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

describe('budgets', () => {
  const bytesOf = (own: Pick<Catalogue, 'patterns' | 'problems' | 'questions'>): number => gzipSync(JSON.stringify(packIndex({ ...own, synonyms, kin })), { level: 9 }).length;
  const kibibyte = 1024;

  test('the index stays within 25 KiB after gzip', () => {
    expect(bytesOf({ patterns, problems, questions })).toBeLessThanOrEqual(25 * kibibyte);
  });

  test('and so does that of a catalogue of a hundred patterns', () => {
    // Words grow with a power of the pages (Heaps' law): the one by which they grow from half of today's pages to all.
    const half = patterns.filter((_, at) => at % 2 === 0);
    const growth = Math.log(stemsIn(catalogue) / stemsIn({ patterns: half, questions })) / Math.log(patterns.length / half.length);
    const larger = largerCatalogue(catalogue, corpus.synonyms, 100);
    expect(larger.patterns).toHaveLength(100);
    expect(stemsIn(larger) / stemsIn(catalogue), 'words of a hundred patterns against those of today').toBeGreaterThan((100 / patterns.length) ** growth);
    expect(bytesOf(larger)).toBeLessThanOrEqual(25 * kibibyte);
  });

  function stemsIn(own: Pick<Catalogue, 'patterns' | 'questions'>): number {
    return new Set(own.patterns.flatMap(({ slug, data }) => [...data.symptoms, ...data.useWhen, ...data.alsoSaid, ...own.questions.get(slug) ?? []]).flatMap((text) => corpus.synonyms.terms(text).map(({ stem }) => stem))).size;
  }
});

describe('questions from elsewhere', () => {
  test('get an honest answer: nothing fits well', () => {
    const strange = ['how do I cook pasta', 'my cat does not eat', 'who ate my sandwich', 'learn to play the guitar', 'asdf qwer zxcv', 'what is the capital of France'];
    expect(strange.filter((query) => anythingFits(rank(corpus, query)))).toEqual([]);
  });
});

/** Without every form of the word: "review" goes with "reviews". A word that says nothing keeps its place, so that its neighbours do not become a phrase. */
function withoutWord(query: string, word: string): string {
  const [named] = corpus.synonyms.terms(word);
  const spans = corpus.synonyms.terms(query).filter(({ stem, start, end }) => stem === named?.stem || query.slice(start, end) === word);
  return spans.sort((a, b) => b.start - a.start).reduce((text, { start, end }) => `${text.slice(0, start)}qq${text.slice(end)}`, query);
}

function found(query: string): string[] {
  return rank(corpus, query).patterns.map(({ slug }) => slug);
}
