/** What a comparison fetches, each once: the names of all patterns, and what is said of those compared. What failed is tried again. */
import type { Compared } from '../comparing/compared.ts';
import type { KnownName } from '../comparing/names.ts';
import { fromRoot } from './from-root.ts';

export class ComparisonSources {
  readonly #patterns = new Map<string, Promise<Compared>>();
  #known: Promise<KnownName[]> | undefined;

  names(): Promise<KnownName[]> {
    this.#known ??= fetchJson<KnownName[]>(fromRoot('/find/names.json'));
    this.#known.catch(() => { this.#known = undefined; });
    return this.#known;
  }

  /** In the order in which they are asked. @throws when one of them cannot be fetched */
  patterns(slugs: readonly string[]): Promise<Compared[]> {
    return Promise.all(slugs.map((slug) => {
      const coming = this.#patterns.get(slug) ?? fetchJson<Compared>(fromRoot(`/find/compared/${slug}.json`));
      this.#patterns.set(slug, coming);
      coming.catch(() => this.#patterns.delete(slug));
      return coming;
    }));
  }
}

async function fetchJson<Data>(address: string): Promise<Data> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json() as Promise<Data>;
}
