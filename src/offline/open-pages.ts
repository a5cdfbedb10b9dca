/**
 * Which bytes were served for each open page, so that its scripts and data come from the release to which it belongs, and a
 * release goes when no open page needs it. Written down, since a browser stops an idle worker.
 */
import type { OpenPage } from './plan.ts';
import { shelves } from './shelves.ts';
import type { Shelf } from './shelves.ts';

const noteName = 'offline-pages';

export class OpenPages {
  readonly #scope: string;
  /** One after the other: each reads what the one before wrote. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(scope: string) {
    this.#scope = scope;
  }

  note(shelf: Shelf, client: string, page: OpenPage): Promise<void> {
    return this.#next(async () => {
      // A shelf that was removed meanwhile is not made anew.
      if (!await caches.has(shelf.name)) return;
      await this.#write(shelf, { ...await this.#read(shelf), [client]: page });
    });
  }

  /** What was served for a page, by this worker or by one before. */
  of(client: string): Promise<OpenPage | undefined> {
    return this.#next(async () => (await this.#all())[client]);
  }

  /** Keeps those that are still open, with this shelf. */
  gather(shelf: Shelf, alive: ReadonlySet<string>): Promise<Record<string, OpenPage>> {
    return this.#next(async () => {
      const open = Object.fromEntries(Object.entries(await this.#all()).filter(([client]) => alive.has(client)));
      if (await caches.has(shelf.name)) await this.#write(shelf, open);
      return open;
    });
  }

  #next<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #all(): Promise<Record<string, OpenPage>> {
    return Object.assign({}, ...await Promise.all((await shelves(this.#scope)).map((shelf) => this.#read(shelf)))) as Record<string, OpenPage>;
  }

  async #read({ cache }: Shelf): Promise<Record<string, OpenPage>> {
    const note = await cache.match(new URL(noteName, this.#scope).href);
    return note === undefined ? {} : await note.json() as Record<string, OpenPage>;
  }

  async #write({ cache }: Shelf, pages: Record<string, OpenPage>): Promise<void> {
    await cache.put(new URL(noteName, this.#scope).href, Response.json(pages));
  }
}
