/**
 * A page that is saved sets off a reload for its entry, one for its text and one for the list of both, and the dev server would
 * draw the page for each: browsers get one.
 */
import type { AstroIntegration } from 'astro';
import type { HotPayload } from 'vite';

const togetherMs = 80;

export function oneReload(): AstroIntegration {
  return {
    name: 'one-reload',
    hooks: {
      'astro:server:setup': ({ server }) => {
        const { hot } = server.environments.client;
        const send = merged(hot.send.bind(hot));
        hot.send = send;
        // Astro sends through this one.
        server.ws.send = send;
      },
    },
  };
}

type Send = (...args: [payload: HotPayload] | [event: string, payload?: unknown]) => void;

/** Reloads that come close together are sent as the last of them; everything else goes at once. */
export function merged(send: Send, waitMs = togetherMs): Send {
  let timer: NodeJS.Timeout | undefined;
  return (...args) => {
    const [payload] = args;
    if (typeof payload === 'string' || payload.type !== 'full-reload') return send(...args);
    clearTimeout(timer);
    timer = setTimeout(() => send({ type: 'full-reload' }), waitMs);
  };
}
