/** What rules look at: the files of the catalogue, read once and only when asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, parsePage, parseQuestions, parseSource, slugOf, surveyCatalogue } from '../catalogue/files.ts';
import type { ParsedPage, ParsedQuestions, ParsedSource, Survey } from '../catalogue/files.ts';
import type { Entry } from '../catalogue/schema.ts';
import { YamlPlaces } from './yaml-places.ts';

/** Everything that stands below these folders. */
const folders = ['content', 'public', 'src/components/glyphs', 'src/examples', 'tests/finder'];

export interface SourcePage {
  file: string;
  slug: string;
  /** By its folder, so that it is known whatever the frontmatter says. */
  kind: 'pattern' | 'problem' | 'guide' | 'house';
  text: string;
  /** Offset in `text` where the MDX begins. */
  bodyStart: number;
  body: string;
  /** As the frontmatter says, also where something else in it is wrong. */
  status: string | undefined;
  /** undefined when the schema refuses it. */
  data: Entry | undefined;
}

interface Known { text: string; page?: ParsedPage; source?: ParsedSource; questions?: ParsedQuestions; places?: YamlPlaces }

export interface Place { line: number; column: number }

export interface TreeOptions {
  planted?: ReadonlyMap<string, string | undefined>;
  /** The tree whose files it shares. */
  from?: ContentTree;
  /** Files may have come and gone since then. */
  anew?: boolean;
}

export class ContentTree {
  readonly root: string;
  readonly #planted: ReadonlyMap<string, string | undefined>;
  readonly #knownOfDisk: Map<string, Known>;
  readonly #knownOfPlanted = new Map<string, Known>();
  readonly #texts = new Map<string, string>();
  readonly #filesOnDisk: () => readonly string[];
  #files: readonly string[] | undefined;
  #pages: readonly SourcePage[] | undefined;
  #survey: Survey | undefined;

  constructor(root: string, { planted = new Map(), from, anew = from === undefined }: TreeOptions = {}) {
    this.root = root;
    this.#planted = planted;
    this.#knownOfDisk = from === undefined ? new Map() : from.#knownOfDisk;
    this.#filesOnDisk = from === undefined || anew ? listing(root) : from.#filesOnDisk;
  }

  /** The same tree with some files changed, added, or taken out (undefined), without writing any. */
  with(changes: Readonly<Record<string, string | undefined>>): ContentTree {
    return new ContentTree(this.root, { planted: new Map([...this.#planted, ...Object.entries(changes)]), from: this });
  }

  /** The same tree with the files that are there now; what was read of those that were there before stays known. */
  listedAnew(): ContentTree {
    return new ContentTree(this.root, { planted: this.#planted, from: this, anew: true });
  }

  /** Below the repository, sorted, with forward slashes. */
  get files(): readonly string[] {
    return this.#files ??= [...new Set([...this.#filesOnDisk(), ...this.#planted.keys()])].filter((file) => !this.#planted.has(file) || this.#planted.get(file) !== undefined).sort();
  }

  has(file: string): boolean {
    return this.#planted.has(file) ? this.#planted.get(file) !== undefined : existsSync(join(this.root, file));
  }

  /** Line ends as \n, no byte order mark. @throws when there is no such file */
  read(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    if (!this.has(file)) throw new Error(`${file} does not exist`);
    const text = (this.#planted.get(file) ?? readFileSync(join(this.root, file), 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
    this.#texts.set(file, text);
    return text;
  }

  /** Every page below content/docs but those whose name begins with an underscore, also where its frontmatter is broken. */
  get pages(): readonly SourcePage[] {
    return this.#pages ??= this.#filesIn('content/docs', '.mdx').map((file): SourcePage => {
      const { raw, page, body, bodyStart } = this.#page(file);
      const status = raw !== null && typeof raw === 'object' && 'status' in raw && typeof raw.status === 'string' ? raw.status : undefined;
      return { file, slug: slugOf(file, '.mdx'), kind: kinds[file.split('/')[2] ?? ''] ?? 'house', text: this.read(file), bodyStart, body, status, data: page?.data };
    });
  }

  /** What of the catalogue can be read, and what is wrong with the rest. */
  get catalogue(): Survey {
    return this.#survey ??= surveyCatalogue({
      filesIn: (folder, ending) => this.#filesIn(folder, ending),
      page: (file) => this.#page(file),
      source: (file) => {
        const known = this.#known(file);
        return known.source ??= parseSource(file, known.text);
      },
      questions: (file) => {
        const known = this.#known(file);
        return known.questions ??= parseQuestions(file, known.text);
      },
    });
  }

  /** Where the keys of a YAML file, or of the frontmatter of a page, stand. */
  places(file: string): YamlPlaces {
    const known = this.#known(file);
    return known.places ??= new YamlPlaces(known.text, file.endsWith('.mdx') || file.endsWith('.md'));
  }

  placeAt(file: string, offset: number): Place {
    const before = this.read(file).slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  }

  #filesIn(folder: string, ending: string): string[] {
    return this.files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith(ending) && !file.split('/').at(-1)?.startsWith('_'));
  }

  #page(file: string): ParsedPage {
    const known = this.#known(file);
    return known.page ??= parsePage(file, known.text);
  }

  /** What was read out of a file stays known to the trees made by `with`, but for those that changed it. */
  #known(file: string): Known {
    const all = this.#planted.has(file) ? this.#knownOfPlanted : this.#knownOfDisk;
    const known = all.get(file) ?? { text: this.read(file) };
    all.set(file, known);
    return known;
  }
}

/** Asked for once. */
function listing(root: string): () => readonly string[] {
  let files: readonly string[] | undefined;
  return () => files ??= folders.flatMap((folder) => filesBelow(root, folder, '', true));
}

const kinds: Record<string, SourcePage['kind']> = { patterns: 'pattern', problems: 'problem', guides: 'guide' };
