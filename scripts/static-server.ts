/** Serves a built site from memory to this machine alone, with the headers that hosts send (src/hosting). */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { extname } from 'node:path/posix';
import { headersFor } from '../src/hosting/header-rules.ts';
import { rulesOf } from '../src/hosting/site-files.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.md': 'text/markdown; charset=utf-8', '.txt': 'text/plain; charset=utf-8', '.ts': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.json': 'application/json; charset=utf-8', '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.wasm': 'application/wasm',
};

export interface Serving {
  /** The path below which the site stands, with slashes at both ends. */
  base?: string;
  /** A preview is not for search engines. */
  indexed?: boolean;
}

/** @param files by their paths below the site, with forward slashes */
export function staticServer(files: ReadonlyMap<string, Uint8Array>, { base = '/', indexed = false }: Serving = {}): Server {
  const rules = rulesOf(files);
  const etags = new Map<string, string>();
  return createServer((request, response) => {
    const path = pathOf(request.url ?? '/', base);
    const found = path === undefined ? undefined : [path, `${path}/index.html`, path === '' ? 'index.html' : path.replace(/\/?$/, '/index.html')].find((each) => files.has(each));
    if (path !== undefined && found?.endsWith('/index.html') === true && path !== '' && !path.endsWith('/') && path !== found) return void response.writeHead(301, { location: `${base}${path}/` }).end();
    const file = found ?? '404.html';
    const body = files.get(file) ?? Buffer.from('Not found');
    const etag = etags.get(file) ?? `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    etags.set(file, etag);
    const headers = { 'content-type': types[extname(file)] ?? 'application/octet-stream', ...(indexed ? {} : { 'x-robots-tag': 'noindex' }), etag, ...headersFor(rules, `/${path ?? ''}`) };
    if (found !== undefined && request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
    response.writeHead(found === undefined ? 404 : 200, { ...headers, 'content-length': body.length }).end(request.method === 'HEAD' ? undefined : body);
  });
}

/** Undefined where no file can stand. */
function pathOf(url: string, base: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
    return path.startsWith(base) ? path.slice(base.length) : undefined;
  } catch {
    return undefined;
  }
}
