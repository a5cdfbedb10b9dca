/** A release on a real server: what it sends, what two replicas of it send, and what becomes of readers when one of them goes. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCaddy } from '../../scripts/caddy.ts';
import { writeRelease } from '../../scripts/release.ts';
import { headersFor } from '../../src/hosting/header-rules.ts';
import { rulesOf } from '../../src/hosting/site-files.ts';
import { root } from '../architecture/repository.ts';
import { freePort } from '../free-port.ts';
import { siteDir } from './site-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'release-'));
const running = new Set<ChildProcess>();
const parts = ['index.html', '404.html', 'sandbox.html', 'patterns/saga', 'find', 'examples/saga', 'favicon.svg', '_headers'];
const release = join(folder, 'one');

/** A part of the site: every kind of file that hosts treat differently. */
const site = join(folder, 'site');
const pages = ['/', '/patterns/saga/', '/patterns/saga/card/', '/find/', '/sandbox.html', '/find/index.json', '/favicon.svg', '/patterns/saga/index.md', '/examples/saga/saga.ts'];
let asset = '';

beforeAll(async () => {
  mkdirSync(site);
  for (const part of parts) cpSync(join(siteDir, part), join(site, part), { recursive: true });
  // A dozen of them do.
  for (const file of readdirSync(join(siteDir, '_astro')).sort().filter((name) => name.endsWith('.js')).slice(0, 12)) cpSync(join(siteDir, '_astro', file), join(site, '_astro', file));
  await writeRelease({ from: site, to: release });
  asset = `/${(JSON.parse(readFileSync(join(release, 'site/assets.json'), 'utf8')) as string[]).find((file) => file.endsWith('.js')) ?? ''}`;
}, 120_000);

afterAll(async () => {
  await Promise.all([...running].map((each) => ended(each, 'SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

describe('what a server sends', () => {
  let port = 0;
  beforeAll(async () => { ({ port } = await serve(release)); }, 60_000);

  test('are the headers of the table, for each kind of file', async () => {
    const rules = rulesOf(new Map([...pages.filter((page) => page.endsWith('/')), '/404/'].map((page) => {
      const file = page === '/404/' ? '404.html' : `${page.slice(1)}index.html`;
      return [file, readFileSync(join(site, file))] as const;
    })));
    for (const path of [...pages, asset]) {
      const { status, headers } = await ask(port, path);
      expect(status, path).toBe(200);
      for (const [name, value] of Object.entries(headersFor(rules, path))) expect(headers[name.toLowerCase()], `${name} of ${path}`).toBe(value);
      if (headersFor(rules, path)['X-Frame-Options'] === undefined) expect(headers['x-frame-options'], path).toBeUndefined();
    }
  });

  test('is compressed beforehand, and the same bytes', async () => {
    for (const path of ['/patterns/saga/', '/find/index.json', asset]) {
      const plain = (await ask(port, path)).body;
      const [br, gz] = [await ask(port, path, { 'accept-encoding': 'br, gzip' }), await ask(port, path, { 'accept-encoding': 'gzip' })];
      expect([br.headers['content-encoding'], gz.headers['content-encoding']], path).toEqual(['br', 'gzip']);
      expect(brotliDecompressSync(br.body).equals(plain) && gunzipSync(gz.body).equals(plain), path).toBe(true);
      expect(br.body.length, path).toBeLessThan(gz.body.length);
      expect(br.headers['vary'], path).toContain('Accept-Encoding');
    }
  });

  test('for what is not there is the page that says so, with its policy', async () => {
    const { status, headers, body } = await ask(port, '/patterns/nothing-here/');
    expect(status).toBe(404);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(body.equals(readFileSync(join(site, '404.html')))).toBe(true);
    expect((await ask(port, '/_headers')).status).toBe(404);
  });

  test('is nothing where the reader has it already', async () => {
    const { headers } = await ask(port, '/patterns/saga/');
    expect(await ask(port, '/patterns/saga/', { 'if-none-match': String(headers.etag) })).toMatchObject({ status: 304 });
  });
});

describe('a next release', () => {
  test('keeps the assets of the one before, and not those of the one before that', async () => {
    const [second, third] = [join(folder, 'two'), join(folder, 'three')];
    const later = (from: string, to: string, name: string): void => {
      cpSync(from, to, { recursive: true });
      writeFileSync(join(to, '_astro', name), 'export {};');
    };
    later(site, join(folder, 'site-two'), 'second.X.js');
    rmSync(join(folder, 'site-two', asset));
    await writeRelease({ from: join(folder, 'site-two'), to: second, before: release });
    expect(readFileSync(join(second, 'site', asset)).equals(readFileSync(join(site, asset)))).toBe(true);
    expect(existsSync(join(second, 'site', `${asset}.br`))).toBe(true);
    later(join(folder, 'site-two'), join(folder, 'site-three'), 'third.X.js');
    rmSync(join(folder, 'site-three/_astro/second.X.js'));
    const { port } = await serve(second);
    // From the address at which it stands.
    await writeRelease({ from: join(folder, 'site-three'), to: third, before: `http://127.0.0.1:${port}` });
    expect(existsSync(join(third, 'site/_astro/second.X.js'))).toBe(true);
    expect(existsSync(join(third, 'site', asset))).toBe(false);
  }, 120_000);

  test('after something that is no release says so', async () => {
    await expect(writeRelease({ from: site, to: join(folder, 'never'), before: site })).rejects.toThrow(/has no assets\.json; expected a release/);
    await expect(writeRelease({ from: folder, to: join(folder, 'never') })).rejects.toThrow(/holds no built site/);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

describe('two replicas', () => {
  test('answer with equal bytes and equal ETags, and a change has another ETag even where its size is the same', async () => {
    const copy = join(folder, 'replica');
    await writeRelease({ from: site, to: copy });
    const changed = join(folder, 'site-changed');
    cpSync(site, changed, { recursive: true });
    const page = readFileSync(join(site, 'patterns/saga/index.html'), 'utf8');
    writeFileSync(join(changed, 'patterns/saga/index.html'), page.replace('Saga', 'Sage'));
    await writeRelease({ from: changed, to: join(folder, 'changed') });
    const [one, two, other] = await Promise.all([serve(release), serve(copy), serve(join(folder, 'changed'))]);
    for (const path of [...pages, asset]) {
      for (const encoding of ['identity', 'gzip', 'br']) {
        const [a, b] = await Promise.all([one, two].map(({ port }) => ask(port, path, { 'accept-encoding': encoding })));
        expect(a?.headers.etag, path).toMatch(/^(W\/)?".+"$/);
        expect([b?.headers.etag, b?.body.equals(a?.body ?? Buffer.of())], `${path} (${encoding})`).toEqual([a?.headers.etag, true]);
      }
    }
    expect((await ask(other.port, '/patterns/saga/')).headers.etag).not.toBe((await ask(one.port, '/patterns/saga/')).headers.etag);
    expect((await ask(other.port, '/find/')).headers.etag).toBe((await ask(one.port, '/find/')).headers.etag);
  }, 120_000);

  test.each(['SIGTERM', 'SIGKILL'] as const)('behind a proxy lose no request when one of them gets %s under load', async (signal) => {
    const replicas = await Promise.all([serve(release), serve(release)]);
    const proxy = await start(join(root, 'src/hosting/proxy.Caddyfile'), { SITE_REPLICAS: replicas.map(({ port }) => `127.0.0.1:${port}`).join(' ') });
    const expected = new Map(await Promise.all(pages.map(async (path) => [path, (await ask(proxy.port, path)).body] as const)));
    let [asked, killed] = [0, -1];
    const readers = Array.from({ length: 8 }, async (_, reader) => {
      const wrong: string[] = [];
      for (let turn = 0; turn < 100; turn += 1) {
        const path = pages[(turn + reader) % pages.length] ?? '/';
        const outcome = await ask(proxy.port, path).then(({ status, body }) => (status === 200 && body.equals(expected.get(path) ?? Buffer.of()) ? '' : `${status}, ${body.length} bytes`), String);
        if (outcome !== '') wrong.push(`${path}: ${outcome}`);
        if (++asked === 300) {
          killed = asked;
          void ended(replicas[0].process, signal);
        }
      }
      return wrong;
    });
    expect((await Promise.all(readers)).flat()).toEqual([]);
    expect([asked, killed]).toEqual([800, 300]);
  }, 120_000);
});

interface Served { port: number; process: ChildProcess }

function serve(of: string): Promise<Served> {
  return start(join(of, 'Caddyfile'), { SITE_ROOT: join(of, 'site') });
}

async function start(config: string, environment: Record<string, string>): Promise<Served> {
  const port = await freePort();
  const child = spawn(findCaddy(), ['run', '--config', config, '--adapter', 'caddyfile'], {
    env: { ...process.env, ...environment, SITE_ADDRESS: `http://127.0.0.1:${port}`, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let said = '';
  child.stderr?.on('data', (data) => { said += String(data); });
  for (let turn = 0; turn < 300; turn += 1) {
    if (child.exitCode !== null) throw new Error(`Caddy ended with exit code ${child.exitCode}: ${said}`);
    if (await ask(port, '/').then(() => true, () => false)) return { port, process: child };
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`Caddy does not answer: ${said}`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}

interface Answer { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** Without what `fetch` would do of its own: no decoding, no redirect. */
function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject).end();
  });
}
