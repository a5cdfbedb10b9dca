/** Serves the built site on a free port while the ring runs, with the headers that hosts send: a policy that is broken is trouble of the reader. */
import type { TestProject } from 'vitest/node';
import { filesIn } from '../../scripts/files-in.ts';
import { staticServer } from '../../scripts/static-server.ts';
import { freePort } from '../free-port.ts';
import { siteBase, siteDir } from '../site/site-folder.ts';

declare module 'vitest' {
  interface ProvidedContext { origin: string }
}

export async function setup(project: TestProject): Promise<() => void> {
  const server = staticServer(filesIn(siteDir), { base: siteBase });
  const port = await freePort();
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  project.provide('origin', `http://127.0.0.1:${port}`);
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
