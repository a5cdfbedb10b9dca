/**
 * A page that is saved sets off a reload for its text at once and one for its entry when the list of all is written, half a second
 * later, and the dev server would draw the page for each: browsers get one.
 */
import type { AstroIntegration } from 'astro';
import type { HotPayload } from 'vite';

const togetherMs = 80;
/** By then the list is written; where an entry is broken, it never is. */
const listMs = 3000;

export function oneReload(): AstroIntegration {
  return {
    name: 'one-reload',
    hooks: {
      'astro:server:setup': ({ server }) => {
        const { hot } = server.environments.client;
        let expected: NodeJS.Timeout | undefined;
        const settled = (): void => {
          clearTimeout(expected);
          expected = undefined;
        };
        server.watcher.on('change', (path) => {
          if (!/[\\/]content[\\/]docs[\\/].*\.mdx$/.test(path)) return;
          clearTimeout(expected);
          expected = setTimeout(settled, listMs);
        });
        const send = merged(hot.send.bind(hot), (path) => {
          // Astro's own, when the list is written.
          if (path === '*') settled();
          return expected === undefined ? togetherMs : listMs;
        });
        hot.send = send;
        // Astro sends through this one.
        server.ws.send = send;
      },
    },
  };
}

type Send = (...args: [payload: HotPayload] | [event: string, payload?: unknown]) => void;

/** Reloads that come close together are sent as the last of them; everything else goes at once. @param waitFor in milliseconds, how long another may still come */
export function merged(send: Send, waitFor: (path: string | undefined) => number): Send {
  let timer: NodeJS.Timeout | undefined;
  return (...args) => {
    const [payload] = args;
    if (typeof payload === 'string' || payload.type !== 'full-reload') return send(...args);
    clearTimeout(timer);
    timer = setTimeout(() => send({ type: 'full-reload' }), waitFor(payload.path));
  };
}
