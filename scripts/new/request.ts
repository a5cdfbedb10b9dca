/** What shall be begun: from options, from an outline, and for the rest from answers. */
import { nearestWord } from '../../src/catalogue/nearest.ts';
import { categories, problemGroups } from '../../src/catalogue/vocabulary.ts';
import { slugOf } from '../../src/finder/index-file.ts';
import type { Questions } from './questions.ts';
import { refuseKnown, refuseName } from './refusals.ts';
import { Refusal, kinds } from './request-shape.ts';
import type { Kind, KnownEntry, Request } from './request-shape.ts';

interface Options { kind?: string | undefined; title?: string | undefined; description?: string | undefined; category?: string | undefined; group?: string | undefined; anyway?: boolean | undefined }

/** @param name a slug, or a path to the page that shall be, with either kind of slash @throws Refusal */
export async function requestFrom(name: string | undefined, options: Options, known: readonly KnownEntry[], questions: Questions): Promise<Request> {
  const named = namedPlace(name);
  const kind = oneOf('kind', options.kind ?? named.kind ?? (name === undefined ? await questions.ask({ option: 'kind', ask: `What is it: ${kinds.join(', ')}?`, otherwise: 'pattern', wrong: wrongWord(kinds) }) : 'pattern'), kinds);
  const slug = named.slug ?? await questions.ask({ option: 'slug', ask: 'Slug, as it will stand in the address (lower-case words joined by hyphens):', wrong: (answer) => wrongIf(() => refuseName({ slug: answer })) });
  refuseName({ slug });
  const words = { pattern: categories, problem: problemGroups, guide: {} }[kind];
  const optionOfPlace = kind === 'problem' ? 'group' : 'category';
  for (const option of ['category', 'group'] as const) {
    if (options[option] !== undefined && (option !== optionOfPlace || kind === 'guide')) throw new Refusal(`--${option} says nothing of a ${kind}`, 2);
  }
  const given = options[optionOfPlace] ?? named.category;
  if (given !== undefined && kind !== 'guide') oneOf(optionOfPlace, given, Object.keys(words));

  const outline = known.find((entry) => entry.kind === kind && entry.slug === slug && entry.status === 'outline');
  if (outline !== undefined) {
    const told = { title: options.title, description: options.description, category: given };
    const other = (Object.keys(told) as (keyof typeof told)[]).find((key) => told[key] !== undefined && !(key === 'category' && told[key] === outline.category));
    if (other !== undefined) throw new Refusal(`${slug} stands in outline, which says its ${other} (${outline.file}). Leave out --${other}, and change it in the page afterwards`, 2);
    return { kind, slug, title: outline.title, description: '', place: outline.category ?? '', order: 0, file: outline.file, outline };
  }
  refuseKnown(kind, slug, known, options.anyway === true);
  const title = checked('title', options.title ?? (isAsked(options, kind, given) ? await questions.ask({ option: 'title', ask: 'Title:', otherwise: titleOf(slug), wrong: length(3, 70) }) : titleOf(slug)), length(3, 70));
  if (slugOf(title) !== slug) refuseKnown(kind, slugOf(title), known, options.anyway === true);
  const place = kind === 'guide' ? '' : given ?? await questions.ask({ option: optionOfPlace, ask: `${kind === 'problem' ? 'Group' : 'Category'} (${Object.keys(words).join(', ')}):`, wrong: wrongWord(Object.keys(words)) });
  const description = checked('description', options.description ?? await questions.ask({ option: 'description', ask: 'What it does for the reader, in one sentence of 20 to 160 characters:', wrong: length(20, 160) }), length(20, 160));
  return {
    kind, slug, title, description, place, outline: undefined,
    order: Math.max(0, ...known.map((entry) => entry.order ?? 0)) + 1,
    file: `content/docs/${kind}s/${kind === 'pattern' ? `${place}/` : ''}${slug}.mdx`,
  };
}

/** What a path says: kind and category by its folders. */
function namedPlace(name: string | undefined): { slug?: string; kind?: Kind; category?: string } {
  if (name === undefined) return {};
  const parts = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const slug = (parts.pop() ?? '').replace(/\.mdx?$/, '');
  const folder = parts.pop();
  if (folder === undefined) return { slug };
  const kind = kinds.find((each) => folder === `${each}s`);
  return kind === undefined ? { slug, kind: 'pattern', category: folder } : { slug, kind };
}

/** Somebody who is asked anyway may say the title as well. */
function isAsked({ description }: Options, kind: Kind, place: string | undefined): boolean {
  return description === undefined || (kind !== 'guide' && place === undefined);
}

/** "a-brief-fault" is "A Brief Fault", "rate-limiting" "Rate Limiting"; small words stay small. */
function titleOf(slug: string): string {
  return slug.split('-').map((word, at) => (at > 0 && /^(a|an|and|by|for|from|in|of|on|or|per|the|to|with)$/.test(word) ? word : word.charAt(0).toUpperCase() + word.slice(1))).join(' ');
}

function oneOf<Word extends string>(option: string, answer: string, words: readonly Word[]): Word {
  const fault = wrongWord(words)(answer);
  if (fault !== undefined) throw new Refusal(`--${option}: found "${answer}". ${fault}`, 2);
  return answer as Word;
}

function wrongWord(words: readonly string[]): (answer: string) => string | undefined {
  return (answer) => {
    if (words.includes(answer)) return undefined;
    const near = nearestWord(answer, words);
    return `Expected one of ${words.join(', ')}.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
  };
}

function length(least: number, most: number): (answer: string) => string | undefined {
  return (answer) => (answer.length < least || answer.length > most ? `It has ${answer.length} characters; expected ${least} to ${most}.` : undefined);
}

function checked(option: string, answer: string, wrong: (answer: string) => string | undefined): string {
  const fault = wrong(answer);
  if (fault !== undefined) throw new Refusal(`--${option}: "${answer}". ${fault}`, 2);
  return answer;
}

function wrongIf(refuse: () => void): string | undefined {
  try {
    refuse();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}
