/** Serves the built site on a free port while the ring runs. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { preview } from 'astro';
import type { TestProject } from 'vitest/node';
import { root } from '../architecture/repository.ts';
import { siteDir } from '../site/built-site.ts';

declare module 'vitest' {
  interface ProvidedContext { origin: string }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await preview({ root, outDir: siteDir, logLevel: 'warn', server: { host: '127.0.0.1', port: await freePort() } });
  project.provide('origin', `http://127.0.0.1:${server.port}`);
  return () => server.stop();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
