/** A host of static files that can be changed, broken, slowed and switched off, as hosts and lines are. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { filesIn } from '../../scripts/files-in.ts';
import { staticServer } from '../../scripts/static-server.ts';
import { manifestOf } from '../../src/integrations/offline-files.ts';
import { partOf } from '../../src/offline/kept-files.ts';
import type { Manifest } from '../../src/offline/release.ts';
import { siteDir } from '../site/site-folder.ts';

export type SiteBytes = Map<string, Buffer>;

export interface Host {
  origin: string;
  /** Paths that were asked for, as they came. */
  asked: string[];
  /** Answers the paths that match with an error, or never. */
  breaks: RegExp | undefined;
  stalls: RegExp | undefined;
  policy: string | undefined;
  serve(files: SiteBytes): void;
  /** Nobody answers at the port any more, until it is on again. */
  off(): Promise<void>;
  on(): Promise<void>;
}

export async function startHost(files: SiteBytes): Promise<Host> {
  let inner = staticServer(files);
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    host.asked.push(path);
    if (host.stalls?.test(path) === true) return;
    if (host.breaks?.test(path) === true) return void response.writeHead(500).end();
    if (host.policy !== undefined) response.setHeader('Content-Security-Policy', host.policy);
    inner.emit('request', request, response);
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => { server.listen(port, '127.0.0.1', () => resolve()); });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const host: Host = {
    origin: `http://127.0.0.1:${port}`, asked: [], breaks: undefined, stalls: undefined, policy: undefined,
    serve: (other) => { inner = staticServer(other); },
    off: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
    on: () => listen(port),
  };
  return host;
}

export function builtFiles(): SiteBytes {
  return filesIn(siteDir);
}

export function manifestIn(files: SiteBytes): Manifest {
  return JSON.parse(String(files.get('offline.json'))) as Manifest;
}

/** The site as a later build would make it: a script that every page loads has other bytes and another name, and a list of data changes with it. */
export function laterRelease(files: SiteBytes): SiteBytes {
  const script = [...files.keys()].find((file) => /^_astro\/Search\..*\.js$/.test(file));
  if (script === undefined) throw new Error('the site has no script that every page loads');
  const renamed = script.replace('.js', '-later.js');
  const [oldName, newName] = [script, renamed].map((file) => file.replace('_astro/', ''));
  const later: SiteBytes = new Map();
  for (const [file, content] of files) {
    if (file === script) later.set(renamed, Buffer.from(`${content}\ndocument.documentElement.dataset.later = 'yes';\n`));
    else if (file.endsWith('.html')) later.set(file, Buffer.from(String(content).replaceAll(oldName ?? '', newName ?? '')));
    else if (file === 'find/pages.json') later.set(file, Buffer.from(JSON.stringify([...JSON.parse(String(content)) as unknown[], ['/later/', 'Later']])));
    else later.set(file, content);
  }
  const before = manifestIn(files);
  const manifest = manifestOf([...later].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([file, content]) => {
    const part = partOf(file);
    return part === undefined ? [] : [{ file, part, content }];
  }), { version: '0.2.0', date: '2026-12-24' });
  later.set('offline.json', Buffer.from(JSON.stringify(manifest)));
  later.set('offline-worker.js', Buffer.from(String(files.get('offline-worker.js')).replaceAll(before.release, manifest.release)));
  return later;
}
