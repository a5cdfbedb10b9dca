/** Questions that people ask before they know a pattern's name: `content/data/questions/<slug>.yaml`, read by the finder alone. */
import { near } from './violations.ts';
import type { ViolatedRule } from './violated-rules.ts';
import type { Violation } from './violations.ts';

export interface QuestionFile {
  file: string;
  /** The pattern that answers them. */
  slug: string;
  /** As it stands in the file. */
  raw: unknown;
}

export interface NamedPattern { title: string; alsoKnownAs: readonly string[]; status?: string }

const mostLetters = 300;

/** @param patterns those that the catalogue knows; null where the pattern's own file is broken, which is no second mistake */
export function questionViolations(files: readonly QuestionFile[], patterns: ReadonlyMap<string, NamedPattern | null>): Violation[] {
  const first = new Map<string, string>();
  return files.flatMap(({ file, slug, raw }): Violation[] => {
    const pattern = patterns.get(slug);
    const names = [pattern?.title ?? [], pattern?.alsoKnownAs ?? []].flat().map((name) => ({ name, words: wordsOf(name) }));
    const stranger: Violation[] = pattern === undefined ? [{ rule: 'questions-file', file, key: 'file name', found: `"${slug}"`, expected: 'the slug of a pattern', ...near(slug, patterns.keys()) }] : [];
    // A file that holds nothing yet, beside a draft.
    if (pattern?.status === 'draft' && (raw === null || (typeof raw === 'object' && Object.keys(raw).length === 0))) return stranger;
    if (!Array.isArray(raw)) return [...stranger, { rule: 'questions-file', file, key: 'questions', found: JSON.stringify(raw).slice(0, 90), expected: 'a list of questions, each a text' }];
    if (raw.length === 0) return [...stranger, { rule: 'questions-file', file, key: 'questions', found: '0 entries', expected: 'at least 1' }];
    return [...stranger, ...raw.flatMap((question: unknown, index): Violation[] => {
      const wrong = (rule: ViolatedRule, found: string, expected: string): Violation[] => [{ rule, file, key: `questions.${index}`, found, expected }];
      if (typeof question !== 'string') return wrong('questions-file', JSON.stringify(question)?.slice(0, 90) ?? 'nothing', 'a text; put it in quotes where YAML reads something else');
      if (question.trim() === '') return wrong('questions-file', 'an empty text', 'a question or complaint');
      if (question.length > mostLetters) return wrong('wrong-size', `${question.length} characters`, `at most ${mostLetters}`);
      const { key, said } = spoken(question);
      const before = first.get(key);
      first.set(key, before ?? `${file}: questions.${index}`);
      if (before !== undefined) return wrong('question-twice', `"${question}"`, `a question that stands once; it is ${before}, too`);
      const named = names.find(({ words }) => said.includes(words));
      return named === undefined ? [] : wrong('name-in-question', `the name "${named.name}"`, 'what a reader says before knowing the answer');
    })];
  });
}

interface Spoken { /** The same for what differs in blanks and capitals alone. */ key: string; said: string }

/** Most stand there again when somebody looks again. */
const known = new Map<string, Spoken>();
const mostKnown = 50_000;

function spoken(question: string): Spoken {
  const before = known.get(question);
  if (before !== undefined) return before;
  const key = question.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (known.size > mostKnown) known.clear();
  const found = { key, said: wordsOf(key) };
  known.set(question, found);
  return found;
}

/** Between blanks, so that only whole words are found: "retry" is no name in "retrying". */
function wordsOf(text: string): string {
  return ` ${text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? ''} `;
}
