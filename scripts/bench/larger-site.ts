/**
 * A copy of this repository with more patterns: each further one is a written page in other words, with everything that a page
 * brings along: program and tests, scenario, glyph, drawings, questions, sources, the kept version, and its share of problems.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { filesBelow, readCatalogue } from '../../src/catalogue/files.ts';
import type { Page } from '../../src/catalogue/files.ts';
import type { Pattern, Problem } from '../../src/catalogue/schema.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { bodyInDialect, dialect } from './other-words.ts';
import type { Dialect } from './other-words.ts';

export interface LargerSite {
  patterns: number;
  problems: number;
  /** Below the copy: a page that may be changed. */
  page: string;
}

type Fields = Record<string, unknown>;

/** Writes the copy into `folder`, which must lie below the repository: Astro takes packages from elsewhere for files of the project. @throws when the catalogue has more patterns than `size` */
export function writeLargerSite(root: string, folder: string, size: number): LargerSite {
  const catalogue = readCatalogue(root);
  const patterns = catalogue.patterns.filter(({ data }) => isPublished(data));
  const problems = catalogue.problems.filter(({ data }) => isPublished(data));
  const missing = size - patterns.length;
  if (missing < 1) throw new RangeError(`${size} patterns: the catalogue has ${patterns.length} already; expected more`);
  copyRepository(root, folder);
  const inDialect = dialect([...patterns, ...problems].flatMap(({ body, data }) => [body.replaceAll(/^```[\s\S]*?^```$|^import .*$|<[^>]*>|\]\([^)]*\)/gm, ''), ...data.symptoms]));
  const asked = [...catalogue.questions.values()].flat().map((question) => question.toLowerCase());
  const copies = new Copies({ root, folder, inDialect, slugs: patterns.map(({ slug }) => slug), asked, missing });
  for (let at = 0; at < missing; at++) copies.pattern(patterns[at % patterns.length]!, Math.floor(at / patterns.length) + 2);
  const perRound = Math.round(problems.length * patterns.length / catalogue.patterns.length);
  const more = Math.round(missing * perRound / patterns.length);
  for (let at = 0; at < more; at++) copies.problem(problems[at % problems.length]!, Math.floor(at / perRound) + 2);
  return { patterns: size, problems: problems.length + more, page: renamed(patterns[0]!.file, `${patterns[0]!.slug}-2`) };
}

function copyRepository(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(root)) {
    if (/^(content|src|public)$|\.(mjs|json|cff|ts)$/.test(name)) cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  // Packages are those of the repository, caches are not.
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
}

/** Writes copies; a copy of number 3 is related to others of number 3. */
class Copies {
  readonly #root: string;
  readonly #folder: string;
  readonly #inDialect: Dialect;
  readonly #slugs: readonly string[];
  readonly #missing: number;
  readonly #sources = new Set<string>();
  readonly #asked: Set<string>;

  constructor({ root, folder, inDialect, slugs, asked, missing }: { root: string; folder: string; inDialect: Dialect; slugs: readonly string[]; asked: readonly string[]; missing: number }) {
    [this.#root, this.#folder, this.#inDialect, this.#slugs, this.#asked, this.#missing] = [root, folder, inDialect, slugs, new Set(asked), missing];
  }

  pattern({ slug, file, data }: Page<Pattern>, number: number): void {
    const name = `${slug}-${number}`;
    this.#page(file, name, number, (fields) => ({
      ...fields, title: `${data.title} ${number}`, alsoKnownAs: data.alsoKnownAs.map((each) => `${each} ${number}`),
      notWhen: data.notWhen.map((each) => ({ ...each, ...(each.see === undefined ? {} : { see: this.#named(each.see, number) }) })),
      relations: data.relations.map((each) => ({ ...each, to: this.#named(each.to, number) })),
    }), (body) => body.replaceAll(new RegExp(`(file|example)="${slug}(?=["/])`, 'g'), `$1="${name}`));
    this.#example(slug, name, number);
    this.#text(`src/components/glyphs/${slug}.svg`, `src/components/glyphs/${name}.svg`, (text) => text);
    this.#text(`content/data/questions/${slug}.yaml`, `content/data/questions/${name}.yaml`, (text) => stringify((parse(text) as string[]).map((each) => this.#unheard(each, number))));
    this.#kept('patterns', slug, name, data.title, number);
  }

  problem({ slug, file, data }: Page<Problem>, number: number): void {
    const name = `${slug}-${number}`;
    this.#page(file, name, number, (fields) => ({
      ...fields, title: `${data.title} ${number}`,
      candidates: data.candidates.map((each) => ({ ...each, ...(each.pattern === undefined ? {} : { pattern: this.#named(each.pattern, number) }) })),
    }), (body) => body);
    this.#kept('problems', slug, name, data.title, number);
  }

  #page(file: string, name: string, number: number, fieldsOf: (fields: Fields) => Fields, bodyOf: (body: string) => string): void {
    this.#text(file, renamed(file, name), (text) => {
      const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
      const before = parse(head) as Fields;
      const keys = before['sources'] as string[];
      for (const key of keys) this.#source(key, number);
      const said = inOtherWords(before, (each) => this.#inDialect(each, number)) as Fields;
      const fields = { ...fieldsOf(said), sources: keys.map((key) => `${key}-${number}`) };
      const cited = bodyOf(bodyInDialect(body, number, this.#inDialect)).replaceAll(/<Ref to="([^"]+)"/g, (whole, key: string) => (keys.includes(key) ? `<Ref to="${key}-${number}"` : whole));
      return `---\n${stringify(fields, { lineWidth: 0 })}---\n${cited}`;
    });
  }

  #example(slug: string, name: string, number: number): void {
    for (const file of filesBelow(this.#root, `src/examples/${slug}`, '.ts')) {
      // A line in each region, so that no two pages show the same code.
      this.#text(file, file.replace(`/${slug}/`, `/${name}/`), (text) => text.replaceAll(/^( *)\/\/ #region .*$/gm, `$&\n$1// As page ${number} has it.`));
    }
  }

  #kept(kind: string, slug: string, name: string, title: string, number: number): void {
    for (const file of filesBelow(this.#root, `content/versions/${kind}/${slug}`, '.md')) {
      this.#text(file, file.replace(`/${slug}/`, `/${name}/`), (text) => {
        const [, head = '', body = ''] = /^(---\n[\s\S]*?\n---\n)([\s\S]*)$/.exec(text) ?? [];
        return head.replaceAll(`/${slug}/`, `/${name}/`).replaceAll(title, `${title} ${number}`) + bodyInDialect(body, number, this.#inDialect).replace(`# ${title}`, `# ${title} ${number}`).replaceAll(`/${slug}/`, `/${name}/`);
      });
    }
  }

  #source(key: string, number: number): void {
    if (this.#sources.has(`${key}-${number}`)) return;
    this.#sources.add(`${key}-${number}`);
    this.#text(`content/data/sources/${key}.yaml`, `content/data/sources/${key}-${number}.yaml`, (text) => text.replace(/^title: (['"]?)/m, `title: $1${number}. `));
  }

  /** A question stands once in the catalogue: a short one may have no word that changes. */
  #unheard(question: string, number: number): string {
    for (let round = 0; round < 5; round++) {
      const said = this.#inDialect(question, number + round * 1000);
      if (this.#asked.has(said.toLowerCase())) continue;
      this.#asked.add(said.toLowerCase());
      return said;
    }
    return `${question} ${number}`;
  }

  /** The pattern of that number; one that has no copy of that number stays what it is. */
  #named(slug: string, number: number): string {
    const place = this.#slugs.indexOf(slug);
    return place < 0 || (number - 2) * this.#slugs.length + place >= this.#missing ? slug : `${slug}-${number}`;
  }

  #text(from: string, to: string, change: (text: string) => string): void {
    if (!existsSync(join(this.#root, from))) return;
    mkdirSync(dirname(join(this.#folder, to)), { recursive: true });
    writeFileSync(join(this.#folder, to), change(readFileSync(join(this.#root, from), 'utf8').replaceAll('\r\n', '\n')));
  }
}

function renamed(file: string, name: string): string {
  return file.replace(/[^/]+\.mdx$/, `${name}.mdx`);
}

/** What is said, at any depth; keys, slugs, names and addresses stay. */
function inOtherWords(value: unknown, change: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return /\s/.test(value) && !/^(title|name|url|what)$/.test(key) ? change(value) : value;
  if (Array.isArray(value)) return value.map((each) => inOtherWords(each, change, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([own, each]) => [own, own === 'libraries' || own === 'elsewhere' ? each : inOtherWords(each, change, own)]));
}
