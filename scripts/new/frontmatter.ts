/** The head of a draft. Each list that is still empty says beside it what belongs there. */
import type { Request } from './request-shape.ts';

const still = {
  alsoKnownAs: 'alsoKnownAs: [] # names that people really type',
  symptoms: 'symptoms: [] # eight to twelve: what a tired on-call engineer says before knowing the answer; never the name of the pattern',
  useWhen: 'useWhen: [] # three to six conditions under which it fits',
  notWhen: 'notWhen: [] # three to six: { when: …, instead: …, see: slug-of-a-pattern }',
  forces: 'forces: {} # force: 1 or 2 where it speaks for the pattern, -1 or -2 where it speaks against it',
  relations: 'relations: [] # { to: slug-of-a-pattern, as: complements, why: One sentence. }',
  tradeOffs: 'tradeOffs: {} # axis: { value: -2 to 2, why: A few words. }',
  elsewhere: "elsewhere: [] # { name: microservices.io, url: 'https://…' }",
  libraries: 'libraries: [] # { name: …, what: npm package, url: …, covers: …, checked: the day on which you looked }',
  sources: 'sources: [] # keys of files in content/data/sources/, at least two',
};

export function patternFrontmatter({ title, description, place }: Request): string {
  const { alsoKnownAs, ...rest } = still;
  return lines('kind: pattern', `title: ${scalar(title)}`, `description: ${scalar(description)}`, `category: ${place}`, 'status: draft', alsoKnownAs, ...Object.values(rest));
}

/** What an outline says stays, letter by letter; the day of its reading goes, since nobody has read the page. @param text the whole file */
export function draftOfOutline(text: string): string {
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text.replaceAll('\r\n', '\n'))?.[1] ?? '';
  const kept = head.split('\n').flatMap((line) => (/^status: *outline\b/.test(line) ? ['status: draft'] : /^reviewed:/.test(line) ? [] : [line]));
  const missing = (Object.keys(still) as (keyof typeof still)[]).filter((key) => !kept.some((line) => line.startsWith(`${key}:`)));
  // Trade-offs stand before what only refers to elsewhere, as in the template.
  const elsewhere = kept.findIndex((line) => line.startsWith('elsewhere:'));
  const early = missing.filter((key) => key === 'tradeOffs' && elsewhere >= 0);
  if (early.length > 0) kept.splice(elsewhere, 0, ...early.map((key) => still[key]));
  return lines(...kept, ...missing.filter((key) => !early.includes(key)).map((key) => still[key]));
}

export function problemFrontmatter({ title, description, place }: Request): string {
  return lines(
    'kind: problem', `title: ${scalar(title)}`, `description: ${scalar(description)}`, 'status: draft', `group: ${place}`,
    'symptoms: [] # four to ten things that people report',
    'questions: [] # two or three: { ask: A question?, tells: What each answer says about the candidates. }',
    'candidates: [] # the simplest first: { when: If this is so, pattern: slug-of-a-pattern, because: One sentence. }, or do: plain words instead of pattern',
    'sources: [] # keys of files in content/data/sources/, at least one',
  );
}

export function guideFrontmatter({ title, description, order }: Request): string {
  return lines(
    'kind: guide', `title: ${scalar(title)}`, `description: ${scalar(description)}`, 'status: draft', `order: ${order}`,
    'patterns: [] # slugs, in the order in which the guide meets them',
    'sources: [] # keys of files in content/data/sources/, at least one',
  );
}

function lines(...all: string[]): string {
  return all.join('\n');
}

/** Plain where YAML reads the same text, else in quotes. */
function scalar(text: string): string {
  const plain = /^[A-Za-z][^#:\n'"[\]{}&*!|>%@`]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}
