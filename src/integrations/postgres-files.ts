/**
 * PostgreSQL for the reader's browser: the files of PGlite as its package has them. The large ones are compressed here, since a
 * static host may not do it, and inflated by the worker; the small modules are copied without their source maps.
 * Nothing of it is loaded before a reader asks for it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { AstroIntegration } from 'astro';

const entry = 'index.js';
const compressed = ['pglite.wasm', 'pglite.data', 'initdb.wasm'];

export function postgresFiles(): AstroIntegration {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as { version: string };
  const place = `postgres/${version}`;
  const modules = reachable(folder, entry);
  let files: Map<string, Buffer> | undefined;
  /** Compressing takes a second and is wanted by builds and by the first request in development alone. */
  const read = (): Map<string, Buffer> => files ??= new Map<string, Buffer>([
    ...modules,
    ...compressed.map((name): [string, Buffer] => [`${name}.gz`, gzipSync(readFileSync(join(folder, name)), { level: 9, memLevel: 9 })]),
  ]);
  return {
    name: 'postgres-files',
    hooks: {
      'astro:config:setup': ({ updateConfig, command }) => {
        const bytes = command === 'build' ? transferBytes(read()) : 5_400_000;
        updateConfig({ vite: { define: { 'import.meta.env.POSTGRES_FOLDER': JSON.stringify(place), 'import.meta.env.POSTGRES_BYTES': String(bytes) } } });
      },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const [, name = ''] = (request.url ?? '').split(`/${place}/`);
          const file = name === '' ? undefined : read().get(name.split('?')[0] ?? '');
          if (file === undefined) return next();
          response.setHeader('Content-Type', name.startsWith(entry) || name.includes('.js') ? 'text/javascript' : 'application/octet-stream');
          response.end(file);
        });
      },
      'astro:build:done': async ({ dir }) => {
        const target = join(fileURLToPath(dir), place);
        await mkdir(target, { recursive: true });
        for (const [name, content] of read()) await writeFile(join(target, name), content);
      },
    },
  };
}

/** The modules that the entry imports, directly or not. */
function reachable(folder: string, name: string, found = new Map<string, Buffer>()): Map<string, Buffer> {
  if (found.has(name)) return found;
  const text = readFileSync(join(folder, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  found.set(name, Buffer.from(text));
  for (const [, other = ''] of text.matchAll(/(?:from|import)"(\.\/[^"]+\.js)"/g)) reachable(folder, posix.normalize(other), found);
  return found;
}

function transferBytes(files: ReadonlyMap<string, Buffer>): number {
  return [...files].reduce((sum, [name, content]) => sum + (name.endsWith('.gz') ? content.length : gzipSync(content).length), 0);
}
