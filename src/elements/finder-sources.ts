/** What the finder fetches, each once: the index, and the answers of the patterns that it shows. What failed is tried again. */
import { loadCorpus } from '../finder/corpus.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { IndexFile } from '../finder/index-file.ts';
import type { Answered } from './answered.ts';

export class FinderSources {
  readonly #index: string;
  readonly #folder: string;
  readonly #answers = new Map<string, Promise<Answered>>();
  /** Those that are there; they hold the conditions of problem pages. */
  readonly arrived = new Map<string, Answered>();
  #corpus: Promise<Corpus> | undefined;

  constructor(index: string, folder: string) {
    this.#index = index;
    this.#folder = folder;
  }

  corpus(): Promise<Corpus> {
    this.#corpus ??= fetchJson<IndexFile>(this.#index).then(loadCorpus).catch((error: unknown) => {
      this.#corpus = undefined;
      throw error;
    });
    return this.#corpus;
  }

  answer(slug: string): Promise<Answered> {
    const known = this.#answers.get(slug);
    if (known !== undefined) return known;
    const answer = fetchJson<Answered>(`${this.#folder}${slug}.json`);
    this.#answers.set(slug, answer);
    answer.then((answered) => this.arrived.set(slug, answered)).catch(() => this.#answers.delete(slug));
    return answer;
  }

  /** Those that could be loaded. */
  async answers(slugs: readonly string[]): Promise<Map<string, Answered>> {
    const known = new Map<string, Answered>();
    await Promise.allSettled(slugs.map(async (slug) => known.set(slug, await this.answer(slug))));
    return known;
  }
}

async function fetchJson<Data>(address: string): Promise<Data> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json() as Promise<Data>;
}
