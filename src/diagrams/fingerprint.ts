import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** Everything that can change a drawing: the sources of this room and the packages that draw and measure. */
export function fingerprint(): string {
  const hash = createHash('sha256');
  const room = new URL('.', import.meta.url);
  const sources = readdirSync(room).filter((file) => /\.(?:ts|css)$/.test(file) && !file.endsWith('.test.ts'));
  for (const file of sources.sort()) hash.update(file).update(readFileSync(new URL(file, room)));
  for (const name of PACKAGES) hash.update(`${name}@${version(name)}`);
  return hash.digest('hex').slice(0, 16);
}

const PACKAGES = ['mermaid', 'jsdom', 'fontkit', '@fontsource/ibm-plex-sans'];

function version(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url);
  if (!manifest) throw new Error(`package "${name}" is not installed: run npm ci`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
