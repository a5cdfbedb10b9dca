/** What the device of a reader keeps of the site: fetched, registered and removed here, at a reader's word alone. */
import { fill } from '../offline/fill.ts';
import type { Order } from '../offline/fill.ts';
import { parts } from '../offline/release.ts';
import type { Manifest, Part } from '../offline/release.ts';
import { isComplete, removeAll, shelves } from '../offline/shelves.ts';
import type { Shelf } from '../offline/shelves.ts';
import { fromRoot } from './from-root.ts';

/** Address of the home page. */
export const scope = new URL(fromRoot('/'), location.href).href;

export interface Device {
  /** The release that is complete; of two, which there are while pages of the older are open, the one kept last. */
  kept: Shelf | undefined;
  /** Something was begun and not finished. */
  isBegun: boolean;
}

export function canKeep(): boolean {
  return 'serviceWorker' in navigator && 'caches' in globalThis && isSecureContext;
}

export async function readDevice(): Promise<Device> {
  const all = await shelves(scope);
  const [kept] = all.filter(isComplete).sort((a, b) => b.keptAt.localeCompare(a.keptAt));
  return { kept, isBegun: all.length > 0 && kept === undefined };
}

/** Everything is there before the worker comes. @throws what `fill` throws, and where the worker does not start */
export async function keep(wanted: readonly Part[], doing: Pick<Order, 'report' | 'signal'>): Promise<void> {
  const response = await fetch(fromRoot('/offline.json'), { cache: 'no-store', ...(doing.signal && { signal: doing.signal }) });
  if (!response.ok) throw new Error(`the list of files cannot be fetched (${response.status})`);
  // Otherwise a browser that runs out of room may drop it unasked; some ask the reader.
  await navigator.storage.persist().catch(() => false);
  const { kept } = await readDevice();
  await fill({ scope, manifest: await response.json() as Manifest, wanted: parts.filter((part) => wanted.includes(part) || kept?.parts.includes(part)), ...doing });
  const known = await navigator.serviceWorker.getRegistration(scope);
  const registration = await navigator.serviceWorker.register(fromRoot('/offline-worker.js'), { updateViaCache: 'none' });
  if (known !== undefined) await registration.update();
  await started(registration);
}

/** @returns whether there was one */
export async function update(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration(scope);
  if (registration === undefined) throw new Error('the worker has gone; keep the catalogue again');
  await registration.update();
  const isNew = registration.installing !== null;
  await started(registration);
  return isNew;
}

export async function remove(): Promise<void> {
  // First, so that nothing is written down meanwhile.
  await (await navigator.serviceWorker.getRegistration(scope))?.unregister();
  await removeAll(scope);
}

/** A worker of a new release fetches it before it starts. */
async function started({ installing, waiting, active }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing ?? waiting ?? active;
  if (worker === null) return;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('not all of it could be fetched'));
    };
    worker.addEventListener('statechange', look);
    // It may have failed before anybody listens.
    look();
  });
}
