/**
 * The service worker. A reader has it only after asking for it, on the page `/offline/`; it is registered when everything is there.
 * A later release comes with a worker of its own, which takes over when it has all files of it, and never else.
 */
import { Answers } from './answers.ts';
import { fill } from './fill.ts';
import { parts } from './release.ts';
import type { Manifest, Part } from './release.ts';
import { shelves } from './shelves.ts';
import { wayOf } from './ways.ts';

declare const self: ServiceWorkerGlobalScope;
/** Set by src/integrations/offline-files.ts. */
declare const RELEASE: string;
declare const NOTICE: string;

const { scope } = self.registration;
const answers = new Answers({ scope, release: RELEASE, notice: NOTICE });

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(answers.announce().then(() => answers.tidy())));
self.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, scope);
  if (way !== 'pass') event.respondWith(answers[way](event));
});

/** Takes over from the worker before at once: open pages are told, and keep getting the files of their own release. */
async function install(): Promise<void> {
  const kept = await shelves(scope);
  const wanted = parts.filter((part) => kept.some((shelf) => shelf.parts.includes(part)));
  if (wanted.length === 0) throw new Error('no reader of this device has asked to keep the catalogue');
  const own = kept.find(({ manifest }) => manifest.release === RELEASE);
  if (!isFull(own?.parts, wanted)) await fill({ scope, manifest: own?.manifest ?? await fetchManifest(), wanted });
  await self.skipWaiting();
}

function isFull(held: readonly Part[] | undefined, wanted: readonly Part[]): boolean {
  return wanted.every((part) => held?.includes(part) === true);
}

async function fetchManifest(): Promise<Manifest> {
  const manifest = await (await fetch(new URL('offline.json', scope), { cache: 'no-store' })).json() as Manifest;
  // The host may be in the middle of a change; the browser asks again later.
  if (manifest.release !== RELEASE) throw new Error(`the list of files is of release ${manifest.release}, the worker of ${RELEASE}`);
  return manifest;
}
