/**
 * A page that is saved sets off a reload for its text at once and one for its entry when the list of all is written, half a second
 * later, and the dev server would draw the page for each: browsers get one.
 */
import type { AstroIntegration } from 'astro';
import type { HotPayload } from 'vite';
import { askedPage } from './asked-page.ts';

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
        const missed = new MissedReload();
        const sendOn = hot.send.bind(hot) as Send;
        const send = merged((...args) => {
          if (isReload(args[0])) missed.sent();
          sendOn(...args);
        }, (path) => {
          // Astro's own, when the list is written.
          if (path === '*') settled();
          return expected === undefined ? togetherMs : listMs;
        });
        hot.send = send;
        // Astro sends through this one.
        server.ws.send = send;
        server.middlewares.use((request, _, next) => {
          if (askedPage(request, server.config.base) !== undefined) missed.asked();
          next();
        });
        hot.on('vite:client:connect', (_, client) => {
          if (missed.connected()) client.send({ type: 'full-reload' });
        });
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
    if (!isReload(payload)) return send(...args);
    clearTimeout(timer);
    timer = setTimeout(() => send({ type: 'full-reload' }), waitFor(payload.path));
  };
}

/**
 * Between asking for a page and running its script a browser hears of nothing: on a slow machine it would keep a page that was
 * drawn before the list was written. What was sent meanwhile is sent again.
 */
export class MissedReload {
  #isAsking = false;
  #isOwed = false;

  /** What comes now is drawn after all that was sent. */
  asked(): void {
    [this.#isAsking, this.#isOwed] = [true, false];
  }

  sent(): void {
    this.#isOwed ||= this.#isAsking;
  }

  /** Whether who comes now has missed one. */
  connected(): boolean {
    const owed = this.#isOwed;
    [this.#isAsking, this.#isOwed] = [false, false];
    return owed;
  }
}

function isReload(payload: HotPayload | string): payload is Extract<HotPayload, { type: 'full-reload' }> {
  return typeof payload !== 'string' && payload.type === 'full-reload';
}
