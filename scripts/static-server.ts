/** Serves a built site from memory to this machine alone, as a host of static files would. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { extname } from 'node:path/posix';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.md': 'text/markdown; charset=utf-8', '.txt': 'text/plain; charset=utf-8', '.ts': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.json': 'application/json; charset=utf-8', '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.wasm': 'application/wasm',
};

/** @param files by their paths below the site, with forward slashes */
export function staticServer(files: ReadonlyMap<string, Uint8Array>): Server {
  return createServer((request, response) => {
    const path = pathOf(request.url ?? '/');
    const found = [path, `${path}/index.html`, path === '' ? 'index.html' : path.replace(/\/?$/, '/index.html')].find((each) => files.has(each));
    if (found !== undefined && found.endsWith('/index.html') && path !== '' && !path.endsWith('/') && path !== found) return void response.writeHead(301, { location: `/${path}/` }).end();
    const body = files.get(found ?? '404.html') ?? Buffer.from('Not found');
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': types[extname(found ?? '404.html')] ?? 'application/octet-stream', 'content-length': body.length, 'cache-control': 'no-store', 'x-robots-tag': 'noindex',
    }).end(request.method === 'HEAD' ? undefined : body);
  });
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname).slice(1);
  } catch {
    return '';
  }
}
