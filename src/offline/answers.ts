/** Answers the requests of pages, from the network or from the shelf of the release to which the page belongs. */
import { OpenPages } from './open-pages.ts';
import { belongsTo, outlived } from './plan.ts';
import { filesOf, hashIn, hashOf, parts } from './release.ts';
import { heldFiles, isComplete, shelfOf, shelves } from './shelves.ts';
import type { Shelf } from './shelves.ts';
import { pathIn } from './ways.ts';

declare const self: ServiceWorkerGlobalScope;

/** Longer than a good line takes, short enough to wait for. */
const pageTimeoutMs = 3000;
/** The page that says what is kept stands wherever something is not. */
const instead = 'offline/';

export interface Settings {
  scope: string;
  release: string;
  /** Path of the script that tells a page of a new release. */
  notice: string;
}

export class Answers {
  readonly #settings: Settings;
  readonly #pages: OpenPages;
  #own: Promise<Shelf | undefined> | undefined;
  /** Notes that are still being taken. */
  readonly #noting = new Map<string, Promise<unknown>>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#pages = new OpenPages(settings.scope);
  }

  /** The network while it answers in time, then what is kept, then what says so. */
  async page(event: FetchEvent): Promise<Response> {
    const { request } = event;
    const path = pathIn(request.url, this.#settings.scope);
    const shelf = await this.#shelf();
    if (shelf === undefined) return fetch(request);
    const kept = await this.#kept(shelf, path);
    const isNavigation = request.mode === 'navigate';
    const arrived = fetch(request).then((response) => (response.status >= 500 ? undefined : response), () => undefined);
    const first = await Promise.race([arrived, ...(kept === undefined ? [] : [wait(pageTimeoutMs)])]);
    const found = first ?? kept;
    const response = found ?? (isNavigation ? await this.#elsewhere(shelf, path) : undefined);
    if (response === undefined) return Response.error();
    if (!isNavigation || !isHtml(response)) return response;
    event.waitUntil(this.#note(event, shelf, found === undefined ? instead : path, response).then(() => this.tidy()));
    return withScript(response, new URL(this.#settings.notice, this.#settings.scope).pathname);
  }

  /** Bytes have one name, so any release may give them. */
  async asset(event: FetchEvent): Promise<Response> {
    this.#adopt(event);
    const path = pathIn(event.request.url, this.#settings.scope);
    const own = await this.#shelf();
    const kept = own && await this.#kept(own, path);
    if (kept !== undefined) return kept;
    for (const shelf of own === undefined ? [] : await shelves(this.#settings.scope)) {
      const other = await this.#kept(shelf, path);
      if (other !== undefined) return other;
    }
    return fetch(event.request);
  }

  /** Data without a hash in its name never comes from another release than the scripts that read it. */
  async data(event: FetchEvent): Promise<Response> {
    this.#adopt(event);
    const { request, clientId } = event;
    const path = pathIn(request.url, this.#settings.scope);
    const own = await this.#shelf();
    if (own === undefined) return fetch(request);
    await this.#noting.get(clientId);
    const page = await this.#pages.of(clientId);
    if (page === undefined) return this.#unknown(request, await this.#kept(own, path));
    const shelf = [own, ...await shelves(this.#settings.scope)].find((each) => isComplete(each) && belongsTo(page, filesOf(each.manifest, parts)));
    return await (shelf && this.#kept(shelf, path)) ?? fetch(request);
  }

  /** Tells pages of an older release that there is a newer one. */
  async announce(): Promise<void> {
    const shelf = await this.#shelf();
    if (shelf === undefined) return;
    const open = await this.#open(shelf);
    const files = heldFiles(shelf);
    for (const [id, page] of Object.entries(open)) {
      if (!belongsTo(page, files)) (await self.clients.get(id))?.postMessage({ kind: 'new-release', version: shelf.manifest.version, date: shelf.manifest.date });
    }
  }

  /** Removes releases that no open page needs. */
  async tidy(): Promise<void> {
    const shelf = await this.#shelf();
    const others = (await shelves(this.#settings.scope)).filter(({ name }) => name !== shelf?.name);
    if (shelf === undefined || others.length === 0) return;
    const open = Object.values(await this.#open(shelf));
    for (const name of outlived(heldFiles(shelf), others.map((other) => ({ name: other.name, files: filesOf(other.manifest, parts) })), open)) await caches.delete(name);
  }

  async #open(shelf: Shelf): Promise<Record<string, { path: string; hash: string }>> {
    const alive = await self.clients.matchAll({ type: 'all', includeUncontrolled: true });
    return this.#pages.gather(shelf, new Set(alive.map(({ id }) => id)));
  }

  /** Nothing once a reader has removed it. */
  async #shelf(): Promise<Shelf | undefined> {
    const shelf = await (this.#own ??= shelfOf(this.#settings.scope, this.#settings.release));
    if (shelf !== undefined && await caches.has(shelf.name)) return shelf;
    this.#own = undefined;
    return undefined;
  }

  async #kept({ cache }: Shelf, path: string): Promise<Response | undefined> {
    return cache.match(new URL(path, this.#settings.scope).href);
  }

  /** An address without its slash leads on, as a host does it. */
  async #elsewhere(shelf: Shelf, path: string): Promise<Response | undefined> {
    if (hashIn(shelf.manifest, `${path}/`) !== undefined) return Response.redirect(new URL(`${path}/`, this.#settings.scope).href, 302);
    return this.#kept(shelf, instead);
  }

  /** Of a page that was open before the worker, or of a worker of a page. */
  async #unknown(request: Request, kept: Response | undefined): Promise<Response> {
    if (kept === undefined) return fetch(request);
    return await Promise.race([fetch(request).catch(() => undefined), wait(pageTimeoutMs)]) ?? kept;
  }

  async #note({ resultingClientId }: FetchEvent, shelf: Shelf, path: string, response: Response): Promise<void> {
    if (resultingClientId === '') return;
    const noting = response.clone().arrayBuffer().then(hashOf).then((hash) => this.#pages.note(shelf, resultingClientId, { path, hash }));
    this.#noting.set(resultingClientId, noting.catch(() => undefined));
    try {
      await noting;
    } finally {
      this.#noting.delete(resultingClientId);
    }
  }

  /** A worker that a page starts belongs to the release of the page. */
  #adopt(event: FetchEvent): void {
    const { request: { destination }, clientId, resultingClientId } = event;
    if (destination !== 'worker' || resultingClientId === '') return;
    event.waitUntil((async () => {
      const [page, shelf] = [await this.#pages.of(clientId), await this.#shelf()];
      if (page !== undefined && shelf !== undefined) await this.#pages.note(shelf, resultingClientId, page);
    })());
  }
}

function isHtml(response: Response): boolean {
  return response.body !== null && response.headers.get('Content-Type')?.startsWith('text/html') === true;
}

/** The page as it comes, and behind its end one script more: no page carries a byte for readers who keep nothing. */
function withScript(response: Response, address: string): Response {
  const tail = new TextEncoder().encode(`<script type="module" src="${address}"></script>`);
  const longer = new TransformStream<Uint8Array, Uint8Array>({ flush: (controller) => controller.enqueue(tail) });
  const headers = new Headers(response.headers);
  // They tell of the bytes on the wire.
  for (const name of ['Content-Length', 'Content-Encoding']) headers.delete(name);
  return new Response(response.body?.pipeThrough(longer) ?? null, { status: response.status, statusText: response.statusText, headers });
}

function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
