/** The catalogue as it may look at a hundred patterns: the real pages, and others that speak as they do. */
import type { Catalogue } from '../../src/catalogue/files.ts';
import type { SynonymTable } from '../../src/finder/synonyms.ts';

/**
 * Each further pattern is woven from two real ones, sentence by sentence and word by word. It brings as many words of its
 * own as they have: what stands on one or two real pages alone becomes a word that stands nowhere yet. (In truth each further page
 * brings fewer: the more pages, the more has been said.) Problems grow with the patterns.
 */
export function largerCatalogue({ patterns, problems, questions }: Catalogue, table: SynonymTable, size: number): Pick<Catalogue, 'patterns' | 'problems' | 'questions'> {
  const holders = new Map<string, Set<string>>();
  for (const { slug, data } of patterns) {
    const texts = [data.title, ...data.alsoKnownAs, data.description, ...data.symptoms, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid, ...questions.get(slug) ?? []];
    for (const { stem } of texts.flatMap((text) => table.terms(text))) holders.set(stem, (holders.get(stem) ?? new Set()).add(slug));
  }
  const unheard = (text: string): string => text.replaceAll(/[a-z]{4,}/gi, (word) => (table.terms(word).some(({ stem }) => (holders.get(stem)?.size ?? 0) <= 2) ? turned(word) : word));
  const both = (a: readonly string[], b: readonly string[]): string[] => a.flatMap((text, at) => (at % 2 === 0 ? [text] : b[at] ?? [])).map(unheard);
  const woven = (a: readonly string[], b: readonly string[]): string[] => a.map((text, at) => unheard(interleaved(text, b[at % Math.max(1, b.length)] ?? '')));
  const more = Array.from({ length: Math.max(0, size - patterns.length) }, (_, at) => {
    const [one, other] = [patterns[at % patterns.length], patterns[(at * 7 + 17) % patterns.length]];
    if (one === undefined || other === undefined) throw new RangeError('a catalogue without patterns does not grow');
    const [a, b] = [one.data, other.data];
    return { one, questions: woven(questions.get(one.slug) ?? [], questions.get(other.slug) ?? []), page: { ...one, slug: `${one.slug}-${at}`, data: {
      ...a, title: interleaved(turned(a.title), b.title), alsoKnownAs: both(a.alsoKnownAs, b.alsoKnownAs), description: unheard(interleaved(a.description, b.description)),
      symptoms: woven(a.symptoms, b.symptoms), useWhen: woven(a.useWhen, b.useWhen), errorTexts: both(a.errorTexts, b.errorTexts), alsoSaid: both(a.alsoSaid, b.alsoSaid),
    } } };
  });
  const again = new Map(more.map(({ one, page }) => [one.slug, page.slug]));
  const moreProblems = problems.slice(0, Math.round(problems.length * more.length / patterns.length)).map((problem, at) => ({ ...problem, slug: `${problem.slug}-${at}`, data: {
    ...problem.data, title: interleaved(turned(problem.data.title), problems[(at + 11) % problems.length]?.data.title ?? ''), symptoms: woven(problem.data.symptoms, problems[(at + 11) % problems.length]?.data.symptoms ?? []),
    candidates: problem.data.candidates.map((candidate) => ({ ...candidate, pattern: again.get(candidate.pattern ?? '') ?? candidate.pattern })),
  } }));
  return { patterns: [...patterns, ...more.map(({ page }) => page)], problems: [...problems, ...moreProblems], questions: new Map([...questions, ...more.map(({ page, questions: own }): [string, string[]] => [page.slug, own])]) };
}

/** The odd words of one and the even words of the other. */
function interleaved(a: string, b: string): string {
  const [one, other] = [a.split(' '), b.split(' ')];
  return one.map((word, at) => (at % 2 === 0 ? word : other[at] ?? word)).join(' ');
}

/** A word of the same letters that means nothing. */
function turned(word: string): string {
  const half = Math.floor(word.length / 2);
  return word.slice(half) + word.slice(0, half);
}
