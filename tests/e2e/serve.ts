/** Serves the built site on a free port while the ring runs. */
import { preview } from 'astro';
import type { TestProject } from 'vitest/node';
import { root } from '../architecture/repository.ts';
import { freePort } from '../free-port.ts';
import { siteBase, siteDir } from '../site/site-folder.ts';

declare module 'vitest' {
  interface ProvidedContext { origin: string }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await preview({ root, outDir: siteDir, base: siteBase, logLevel: 'warn', server: { host: '127.0.0.1', port: await freePort() } });
  project.provide('origin', `http://127.0.0.1:${server.port}`);
  return () => server.stop();
}
