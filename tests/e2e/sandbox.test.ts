/** Each way out of the sandbox is tried, against a server that counts who comes by. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';

const origin = inject('origin');
const visits: string[] = [];
let server: Server;
let browser: Browser;
let away = '';

beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer(({ url }, response) => {
    // Those are asked for by the browser itself, for a tab.
    if (url !== '/' && url !== '/favicon.ico') visits.push(url ?? '');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' }).end('');
  });
  server.on('upgrade', ({ url }, socket) => {
    visits.push(url ?? '');
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  away = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Ways to a network, as code of a worker; `at` is the address of the server. */
const network: Record<string, string> = {
  'fetch': 'return fetch(`http://${at}/fetch`, { mode: "no-cors" })',
  'XMLHttpRequest': 'return new Promise((resolve, reject) => { const request = new XMLHttpRequest(); request.open("GET", `http://${at}/xhr`); request.onload = resolve; request.onerror = reject; request.send(); })',
  'WebSocket': 'return new Promise((resolve, reject) => { const socket = new WebSocket(`ws://${at}/socket`); socket.onopen = resolve; socket.onerror = reject; })',
  'EventSource': 'return new Promise((resolve, reject) => { const events = new EventSource(`http://${at}/events`); events.onopen = resolve; events.onerror = () => { events.close(); reject(); }; })',
  'import()': 'return import(`http://${at}/import`)',
  'import() in new Function': 'return new Function("at", "return import(`http://${at}/function`)")(at)',
  'importScripts': 'return importScripts(`http://${at}/scripts`)',
  'a worker in the worker': 'return new Promise((resolve, reject) => { const inner = new Worker(URL.createObjectURL(new Blob([`fetch("http://${at}/inner", { mode: "no-cors" }).then(() => postMessage(1), () => postMessage(0))`]))); inner.onmessage = ({ data }) => (data ? resolve() : reject()); inner.onerror = reject; })',
};
/** Ways to storage and to script from elsewhere. */
const others: Record<string, string> = {
  'WebTransport': 'return new WebTransport(`https://${at}/transport`).ready',
  'sendBeacon': 'navigator.sendBeacon(`http://${at}/beacon`)',
  'an image': 'new Image().src = `http://${at}/image`',
  'import() of data': 'return import("data:text/javascript,export default 1")',
  'import() of a blob': 'return import(URL.createObjectURL(new Blob(["export default 1"], { type: "text/javascript" })))',
  'importScripts of a blob': 'importScripts(URL.createObjectURL(new Blob(["1"], { type: "text/javascript" })))',
  'indexedDB': 'return new Promise((resolve, reject) => { const open = indexedDB.open("x"); open.onsuccess = resolve; open.onerror = reject; })',
  'caches': 'return caches.open("x")',
  'files': 'return navigator.storage.getDirectory()',
  'cookies': 'return cookieStore.get("x").then((found) => { if (!found) throw new Error("none"); })',
  'document': 'return document.title',
};

describe('a hostile worker in the sandbox page', () => {
  test('gets no further by any way, while without the sandbox it would', async () => {
    const page = await pageOfSite();
    const ways = { ...network, ...others };
    // A page of the site would let no such worker begin: its policy wants files of the site.
    expect(await page.evaluate(workerOf, 'postMessage(1)')).toBe('refused');
    const elsewhere = await browser.newPage();
    await elsewhere.goto(`http://${away}/`);
    visits.length = 0;
    expect(await elsewhere.evaluate(workerOf, hostile(network))).toBe('answered');
    await elsewhere.close();
    expect(new Set(visits)).toEqual(new Set(['/fetch', '/xhr', '/socket', '/events', '/import', '/function', '/scripts', '/inner']));

    visits.length = 0;
    const [answer] = await inSandbox(page, hostile(ways));
    expect(Object.keys(answer as object)).toEqual(Object.keys(ways));
    expect(Object.entries(answer as Record<string, string>).filter(([, result]) => result === 'through')).toEqual([]);
    await page.waitForTimeout(300);
    expect(visits).toEqual([]);
  });

  test('a flood of messages ends with the first, and the page goes on', async () => {
    const page = await pageOfSite();
    for (const flood of ['for (;;) postMessage(0);', 'const much = "x".repeat(1e6); for (;;) postMessage(much);', 'postMessage("begun"); for (;;) postMessage("begun");', 'setInterval(() => { throw new Error("x"); }); for (let at = 0; at < 1e5; at++) setTimeout(() => { throw new Error(String(at)); });']) {
      await page.evaluate(() => {
        const store = window as unknown as { longest: number };
        store.longest = 0;
        let last = performance.now();
        setInterval(() => {
          store.longest = Math.max(store.longest, performance.now() - last);
          last = performance.now();
        }, 10);
      });
      const messages = await inSandbox(page, flood, 4000);
      expect(messages.length, flood).toBe(1);
      expect(await page.evaluate(() => (window as unknown as { longest: number }).longest), flood).toBeLessThan(2500);
    }
  });
});

describe('the sandbox page', () => {
  test('does nothing where it has an origin: by itself, or in a frame without a sandbox', async () => {
    const page = await pageOfSite();
    // A host that sends headers takes the origin away, whatever the frame is.
    await page.goto('/sandbox.html');
    expect(await page.evaluate(() => self.origin)).toBe('null');
    await page.route('**/sandbox.html', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { 'content-type': 'text/html; charset=utf-8' } });
    });
    await page.goto('/404.html');
    expect(await inSandbox(page, 'postMessage(1)', 1000, false)).toEqual([]);
    await page.goto('/sandbox.html');
    expect(await page.evaluate(() => new Promise((resolve) => {
      addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => { if (data.type !== 'run') resolve(data); });
      postMessage({ type: 'run', script: 'postMessage(1)', job: {} }, location.origin);
      setTimeout(() => resolve('nothing'), 1000);
    }))).toBe('nothing');
  });

  test('takes no job from a page of another origin', async () => {
    const page = await browser.newPage();
    await page.goto(`http://${away}/`);
    expect(await inSandbox(page, 'postMessage(1)', 1000)).toEqual([]);
    await page.close();
  });
});

/** In the page itself. */
function workerOf(script: string): Promise<string> {
  return new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([script])));
    worker.onmessage = () => resolve('answered');
    worker.onerror = () => resolve('refused');
  });
}

/** Tries every way and posts what became of each. */
function hostile(ways: Record<string, string>): string {
  const tries = Object.entries(ways).map(([way, code]) => `${JSON.stringify(way)}: async (at) => { ${code} }`).join(',\n');
  return `const answers = {};
const tries = {${tries}};
(async () => {
  for (const [way, go] of Object.entries(tries)) {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 1500));
    answers[way] = await Promise.race([go(${JSON.stringify(away)}), late]).then(() => 'through', (error) => String(error?.name ?? 'refused'));
  }
  postMessage(answers);
})();`;
}

/** Runs a script as the worker of the sandbox. @returns what came out: the first answer, or all within `watchMs` and a second */
function inSandbox(page: Page, script: string, watchMs = 0, isSandboxed = true): Promise<unknown[]> {
  return page.evaluate(({ address, text, ms, walled }) => new Promise<unknown[]>((resolve) => {
    const messages: unknown[] = [];
    const frame = document.createElement('iframe');
    if (walled) frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = address;
    const send = (): void => frame.contentWindow?.postMessage({ type: 'run', script: text, job: {} }, '*');
    addEventListener('message', ({ source, data }: MessageEvent<{ type: string; answer?: unknown }>) => {
      if (source !== frame.contentWindow) return;
      if (data.type === 'ready') return send();
      if (data.type === 'begun') return;
      messages.push(data.answer);
      if (ms === 0) resolve(messages);
    });
    // Where it says nothing of itself, it is asked anyway.
    frame.addEventListener('load', () => setTimeout(send, 200));
    document.body.append(frame);
    if (ms > 0) setTimeout(() => {
      frame.remove();
      resolve(messages);
    }, ms + 1000);
  }), { address: `${origin}/sandbox.html`, text: script, ms: watchMs, walled: isSandboxed });
}

async function pageOfSite(): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  await page.goto('/404.html');
  return page;
}
