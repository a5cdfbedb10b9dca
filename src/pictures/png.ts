/** Pictures as files: drawn once for each SVG, then taken from the cache. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';

/** Few colours, all of them flat: a palette takes a third of the bytes. */
const options = { palette: true, colours: 128, effort: 7, compressionLevel: 9 } as const;
const pixelsPerInch = 72;
/** Longer sides no viewer opens gladly, and at twice that drawing them fails; such a picture, the map of a thousand patterns, comes smaller. */
const mostPixels = 16_000;
let begun = 0;

/**
 * The same SVG gives the same bytes.
 * @param svg without text: what fonts a machine has must not matter @param wanted pixels for each of its units
 */
export async function png(svg: string, wanted = 1, folder = resolve('node_modules/.cache/pictures')): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(wanted, mostPixels / longestSide(svg));
  const key = createHash('sha256').update(JSON.stringify([svg, scale, options, sharp.versions])).digest('hex');
  const file = join(folder, `${key.slice(0, 32)}.png`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined) return new Uint8Array(kept);
  const drawn = await sharp(Buffer.from(svg), { density: pixelsPerInch * scale }).png(options).toBuffer();
  await mkdir(folder, { recursive: true });
  // Two pages may show the same drawing, and both be made at once.
  const unfinished = `${file}.${process.pid}.${begun += 1}`;
  await writeFile(unfinished, drawn);
  await rename(unfinished, file);
  return new Uint8Array(drawn);
}

function longestSide(svg: string): number {
  const [root = ''] = /<svg[^>]*>/.exec(svg) ?? [];
  return Math.max(1, ...[...root.matchAll(/\s(?:width|height)="([\d.]+)"/g)].map(([, length]) => Number(length)));
}
