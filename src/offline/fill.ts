/** Fills the shelf of a release, by the page that a reader asks and by the worker that replaces an older one alike. */
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { bytesOf, filesOf, hashOf, parts } from './release.ts';
import type { Manifest, Part } from './release.ts';
import { heldFiles, isComplete, presentPaths, shelfName, shelfOf, shelves, writeRecord } from './shelves.ts';
import type { Shelf } from './shelves.ts';

/** As many as a browser asks of one host at a time. */
const lanes = 6;
const fileTimeoutMs = 60_000;

export interface Order {
  /** Address of the home page. */
  scope: string;
  manifest: Manifest;
  wanted: readonly Part[];
  report?: (done: number, of: number) => void;
  signal?: AbortSignal;
}

export class NoRoomError extends Error {
  override name = 'NoRoomError';
}

export class ArrivalError extends Error {
  override name = 'ArrivalError';
}

/**
 * Complete or not at all: only when every file is there does the record say so. What arrived before an interruption is used by
 * the next attempt; where there is no room, it goes.
 * @throws NoRoomError, ArrivalError, or what ended the signal
 */
export async function fill({ scope, manifest, wanted, report = () => undefined, signal }: Order): Promise<void> {
  const name = shelfName(scope, manifest.release);
  const begun = await shelfOf(scope, manifest.release);
  const shelf: Shelf = begun ?? { name, cache: await caches.open(name), manifest, parts: [], keptAt: '' };
  try {
    await writeRecord(shelf, scope);
    const others = (await shelves(scope)).filter((other) => other.name !== name && isComplete(other)).map((other) => ({ ...other, files: heldFiles(other) }));
    const files = filesOf(manifest, wanted);
    const plan = planOf(files, await presentPaths(shelf, scope), others);
    const of = bytesOf(files);
    let done = plan.present;
    const add = (bytes: number): void => report(done += bytes, of);
    add(0);
    await copyAll(plan, shelf, new Map(others.map((other) => [other.name, other.cache])), scope, add, signal);
    await fetchAll(plan, shelf, scope, add, signal);
    await writeRecord({ ...shelf, parts: [...new Set([...shelf.parts, ...wanted])], keptAt: new Date().toISOString() }, scope);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
    await clear(shelf, scope);
    throw new NoRoomError('the browser gives this site no more room');
  }
}

async function copyAll({ copy }: Plan, { cache }: Shelf, caches: ReadonlyMap<string, Cache>, scope: string, add: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  for (const { path, bytes, from } of copy) {
    signal?.throwIfAborted();
    const kept = await caches.get(from.name)?.match(new URL(from.path, scope).href);
    if (kept === undefined) throw new ArrivalError(`${from.path} has gone from this device`);
    await cache.put(new URL(path, scope).href, kept);
    add(bytes);
  }
}

async function fetchAll({ fetch: missing }: Plan, { cache }: Shelf, scope: string, add: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  const rest = missing.values();
  const stop = new AbortController();
  const lane = async (): Promise<void> => {
    for (const { path, bytes, hash } of rest) {
      await cache.put(new URL(path, scope).href, await arrived(path, hash, scope, AbortSignal.any([stop.signal, AbortSignal.timeout(fileTimeoutMs), ...(signal === undefined ? [] : [signal])])));
      add(bytes);
    }
  };
  const running = Array.from({ length: lanes }, lane);
  try {
    await Promise.all(running);
  } finally {
    // After one failure the other lanes end as well.
    stop.abort();
    await Promise.allSettled(running);
  }
}

/** @throws ArrivalError where other bytes come than the release has, as they do while a new one is being put on a host */
async function arrived(path: string, hash: string, scope: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(new URL(path, scope), { cache: 'no-store', signal });
  if (!response.ok || response.redirected) throw new ArrivalError(`${path === '' ? 'the first page' : path} cannot be fetched (${response.status})`);
  const body = await response.arrayBuffer();
  if (await hashOf(body) !== hash) throw new ArrivalError(`${path === '' ? 'the first page' : path} is not that of this release`);
  return new Response(body, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream' } });
}

/** What was complete stays. */
async function clear(shelf: Shelf, scope: string): Promise<void> {
  if (!isComplete(shelf)) return void await caches.delete(shelf.name);
  const held = heldFiles(shelf);
  for (const path of Object.keys(filesOf(shelf.manifest, parts))) if (held[path] === undefined) await shelf.cache.delete(new URL(path, scope).href);
}
