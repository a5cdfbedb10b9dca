import type { Source } from '../../catalogue/schema.ts';
import { link, numbered, plainLine } from '../markdown.ts';
import { shortName } from '../source-name.ts';

/** Claims and what they rest on: a note for each place in a source, numbered as they come. */
export class References {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #notes = new Map<string, string>();

  readonly #prefix: string;

  /** @param prefix of the marks, where several pages share a file */
  constructor(sources: ReadonlyMap<string, Source>, prefix: string) {
    this.#sources = sources;
    this.#prefix = prefix;
  }

  /** The mark behind a claim. @throws when there is no such source */
  mark(to: string, at: string | undefined): string {
    const source = this.#sources.get(to);
    if (source === undefined) throw new Error(`<Ref to="${to}"> names a source that does not exist in content/data/sources/`);
    const key = `${to} ${at ?? ''}`;
    const text = `${plainLine(shortName(source))}, ${link(source.title, source.url)}${at === undefined ? '' : `, ${plainLine(at)}`}`;
    if (!this.#notes.has(key)) this.#notes.set(key, text);
    return `[^${this.#prefix}${[...this.#notes.keys()].indexOf(key) + 1}]`;
  }

  /** What the marks so far mean. */
  notes(): string {
    return [...this.#notes.values()].map((text, at) => `[^${this.#prefix}${at + 1}]: ${text}`).join('\n');
  }

  list(keys: readonly string[]): string {
    return numbered(keys.flatMap((key) => this.#sources.get(key) ?? []).map(({ authors, title, publisher, year, url, doi, isbn, opened }) => [
      authors.length > 0 ? `${plainLine(authors.join(', '))}.` : '',
      `${link(title, url)}.`,
      `${plainLine(publisher)}${year === undefined ? '' : `, ${year}`}.`,
      doi === undefined ? '' : `DOI ${link(doi, `https://doi.org/${doi}`)}.`,
      isbn === undefined ? '' : `ISBN ${isbn}.`,
      opened === undefined ? 'For further reading: no claim on this page rests on it.' : `Opened ${opened}.`,
    ].filter((part) => part !== '').join(' ')));
  }
}
