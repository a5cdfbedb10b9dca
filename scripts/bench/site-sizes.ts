/** How large the parts of a built site are. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { neededBy, scriptNamed } from '../script-weight.ts';

export interface Weight { raw: number; gzip: number; brotli: number }
export interface SiteSizes {
  /** HTML files of the whole site. */
  pages: number;
  /** Of the pages of patterns, evenly spread ones where there are many; the largest is of all. */
  pattern: { mean: Weight; largest: Weight & { slug: string } };
  finderIndex: number;
  searchIndex: number;
  offlineList: number;
  sitemap: number;
  /** What a page with a simulator fetches when a reader comes near, before the worker. */
  simulatorScript: number;
}

const mostCompressed = 60;

export function siteSizes(site: string): SiteSizes {
  const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const patterns = readdirSync(join(site, 'patterns')).map((slug) => ({ slug, file: join(site, 'patterns', slug, 'index.html') })).filter(({ file }) => existsSync(file))
    .map((page) => ({ ...page, raw: statSync(page.file).size }));
  const largest = patterns.reduce((a, b) => (b.raw > a.raw ? b : a));
  const step = Math.max(1, patterns.length / mostCompressed);
  const taken = Array.from({ length: Math.min(patterns.length, mostCompressed) }, (_, at) => weightOf(patterns[Math.floor(at * step)]!.file));
  const mean = (of: (weight: Weight) => number): number => taken.reduce((sum, each) => sum + of(each), 0) / taken.length;
  return {
    pages: files.filter((file) => file.endsWith('.html')).length,
    pattern: {
      mean: { raw: patterns.reduce((sum, { raw }) => sum + raw, 0) / patterns.length, gzip: mean(({ gzip }) => gzip), brotli: mean(({ brotli }) => brotli) },
      largest: { slug: largest.slug, ...weightOf(largest.file) },
    },
    finderIndex: weightOf(join(site, 'find/index.json')).gzip,
    searchIndex: bytesBelow(join(site, 'pagefind')),
    offlineList: weightOf(join(site, 'offline.json')).gzip,
    sitemap: files.filter((file) => /[\\/]sitemap-\d+\.xml$/.test(file)).reduce((sum, file) => sum + weightOf(file).gzip, 0),
    simulatorScript: neededBy(site, scriptNamed(site, 'pattern-simulator')).reduce((sum, name) => sum + weightOf(join(site, '_astro', name)).gzip, 0),
  };
}

export function weightOf(file: string): Weight {
  const content = readFileSync(file);
  return { raw: content.length, gzip: gzipSync(content, { level: 9 }).length, brotli: brotliCompressSync(content).length };
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
