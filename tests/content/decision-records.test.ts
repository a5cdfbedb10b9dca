import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { readSynonyms } from '../../src/catalogue/synonyms.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { answerFinding, quoted } from '../../src/citing/answer-finding.ts';
import { comparisonFinding } from '../../src/citing/comparison-finding.ts';
import { decisionRecord } from '../../src/citing/decision-record.ts';
import type { Finding } from '../../src/citing/finding.ts';
import { pageWords } from '../../src/citing/page-words.ts';
import { patternFinding } from '../../src/citing/pattern-finding.ts';
import { problemFinding } from '../../src/citing/problem-finding.ts';
import { loadCorpus } from '../../src/finder/corpus.ts';
import type { Evidence } from '../../src/finder/evidence.ts';
import { packIndex } from '../../src/finder/pack.ts';
import { answerOf } from '../../src/finder/pages.ts';
import { rank } from '../../src/finder/rank.ts';
import { synonymGroups } from '../../src/finder/synonyms.ts';
import { madrViolations } from './madr.ts';

const home = 'https://example.org/repo/';
const { patterns, problems, questions } = withoutDrafts(readCatalogue());
const facts = { patterns: patterns.map((page) => ({ ...page, words: pageWords(page.body) })), problems, home };
const written = facts.patterns.filter(({ data }) => isPublished(data));

describe('a record is a record after MADR 4', () => {
  test('of every pattern, those in outline included', () => {
    expect(facts.patterns.flatMap(({ slug }) => violations(slug, patternFinding(facts, slug)))).toEqual([]);
  });

  test('of every problem', () => {
    expect(problems.flatMap(({ slug }) => violations(slug, problemFinding(facts, slug)))).toEqual([]);
  });

  test('of every pattern compared with its alternatives', () => {
    const wrong = facts.patterns.flatMap(({ slug, data }) => {
      const others = [...new Set([...data.relations.map(({ to }) => to), ...data.notWhen.flatMap(({ see }) => see ?? [])])].slice(0, 3);
      return others.length === 0 ? [] : violations(slug, comparisonFinding(facts, [slug, ...others]));
    });
    expect(wrong).toEqual([]);
  });

  test('of what a reader said to the finder: words, forces and sentences, as they are', () => {
    const corpus = loadCorpus(packIndex({ patterns, problems, synonyms: synonymGroups(readSynonyms()), questions }));
    const [claimed] = problems.filter(({ slug }) => slug === 'an-event-is-lost-after-a-commit');
    const journeys: [string, Partial<Evidence>][] = [
      ['a customer was charged twice after a timeout', {}],
      ['should we write the row first or publish the event first, when a crash may come between the two', { forces: new Map([['relational-database', 'must'], ['many-regions', 'not'], ['small-team', 'applies']]) }],
      ['', { claims: [{ holds: true, claim: { id: 'x.000', kind: 'symptom', text: claimed?.data.symptoms[0] ?? '', problem: claimed?.slug ?? '', patterns: ['transactional-outbox'] } }] }],
      ['# one slow service\n- <b>takes</b> | the rest | down\n\n---\n1. `and` [more](x)', {}],
    ];
    for (const [query, said] of journeys) {
      const evidence: Evidence = { forces: new Map(), claims: [], ...said };
      const asked = { corpus, evidence, query, ranking: rank(corpus, query, evidence), address: `${home}find/?q=x`, home, most: 5 };
      const answers = new Map(quoted(asked).map((slug) => [slug, answerOf(patterns.find((page) => page.slug === slug) ?? patterns[0]!, patterns, problems)]));
      const finding = answerFinding(asked, answers);
      expect(finding.options.length, query).toBeGreaterThan(0);
      expect(violations(query, finding)).toEqual([]);
    }
  });

  test('each way of not being one is seen', () => {
    const good = decisionRecord(patternFinding(facts, 'saga'), '2026-11-27');
    const breaks: [string, (text: string) => string][] = [
      ['no front matter', (text) => text.replace(/^---\n[\s\S]*?---\n/, '')],
      ['front matter: "owner"', (text) => text.replace('consulted:', 'owner:')],
      ['front matter: status', (text) => text.replace('status: proposed', 'status: perhaps')],
      ['front matter: date', (text) => text.replace('2026-11-27', '27 November')],
      ['one title', (text) => text.replace('# Use', '## Use')],
      ['"Drivers" is no section', (text) => text.replace('## Decision Drivers', '## Drivers')],
      ['order:', (text) => text.replace('## Considered Options', '## Decision Outcome ').replace('## Decision Outcome\n', '## Considered Options\n')],
      ['no "Decision Outcome"', (text) => text.replace('## Decision Outcome', '')],
      ['stands at depth 2', (text) => text.replace('### Consequences', '## Consequences')],
      ['Pros and Cons:', (text) => text.replace('### Saga', '### Tale')],
      ['Decision Outcome: found', (text) => text.replace('Chosen option: "Saga"', 'Chosen option: "Tale"')],
      ['does not begin with', (text) => text.replace('* Bad, because', '* Sad, because')],
      ['HTML', (text) => text.replace('# Use', '# Use <b>')],
      ['a link to', (text) => text.replace('(https://example.org/repo/patterns', '(/patterns')],
      ['undefined', (text) => text.replace('* Good, because', '* Good, because undefined')],
      ['is empty', (text) => text.replace(/### Confirmation\n\n[\s\S]*?\n\n## /, '### Confirmation\n\n## ')],
    ];
    expect(madrViolations(good)).toEqual([]);
    expect(breaks.filter(([message, destroy]) => !madrViolations(destroy(good)).some((each) => each.includes(message))).map(([message]) => message)).toEqual([]);
  });
});

describe('a record of a page says what the page says', () => {
  test('its question, what to watch and at least two options', () => {
    const poor = written.flatMap(({ slug, file, words }) => [
      ...(words.question?.endsWith('?') ? [] : [`${file}: the first bold words under "## Problem" are "${words.question}"; expected a question`]),
      ...(words.watch.length >= 3 ? [] : [`${file}: "## What to watch" lists ${words.watch.length}; expected three or more`]),
      ...(patternFinding(facts, slug).options.length >= 2 ? [] : [`${file}: nothing that the record could weigh it against; name one in notWhen or relations`]),
    ]);
    expect(poor).toEqual([]);
    expect(problems.filter(({ slug }) => problemFinding(facts, slug).options.length < 2).map(({ file }) => file)).toEqual([]);
  });

  test('every link to the catalogue is pinned to a version', () => {
    const records = [...facts.patterns.map(({ slug }) => patternFinding(facts, slug)), ...problems.map(({ slug }) => problemFinding(facts, slug))].map((finding) => decisionRecord(finding));
    const links = records.flatMap((record) => [...record.matchAll(/https:\/\/example\.org[^)>]*/g)].map(([address]) => address));
    expect(links.length).toBeGreaterThan(records.length);
    expect([...new Set(links)].filter((address) => address !== home && !/^https:\/\/example\.org\/repo\/(patterns|problems)\/[a-z0-9-]+\/\d+\.\d+\/(#what-to-watch)?$/.test(address))).toEqual([]);
  });
});

function violations(name: string, finding: Finding): string[] {
  return [decisionRecord(finding), decisionRecord(finding, '2026-11-27')].flatMap(madrViolations).map((violation) => `${name}: ${violation}`);
}
