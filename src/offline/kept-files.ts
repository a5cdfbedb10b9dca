/**
 * Which files of a built site belong on a reader's device: all that a page shows or needs. Left out is what only programs and
 * other sites fetch, what says again what another file says (versions, raw files of examples), and pictures as PNG.
 */
import type { Part } from './release.ts';

const leftOut = [
  /(^|\/)(404|sandbox)\.html$/,
  // It runs in a frame without an origin, which no worker of ours may serve.
  /^_astro\/(code-editor|example-editor|sandbox)/,
  /^examples\//,
  /\/card\/index\.html$|^card\.css$|\/oembed\.json$/,
  /\/\d+\.\d+\/index\.(html|md)$/,
  /\.(png|xml)$|(^|\/)(robots|llms|llms-full)\.txt$|^(patterns|problems)\.json$|^schemas\//,
  /^offline(\.json|-worker\.js)$/,
];

/** Named so that a test misses each when its name changes. */
export const postgresFiles = [/^postgres\//, /^_astro\/postgres-bench\./, /^_astro\/postgres-worker-/, /^_astro\/lab-/];

/** @param file path below the site, such as `patterns/saga/index.html` */
export function partOf(file: string): Part | undefined {
  if (postgresFiles.some((place) => place.test(file))) return 'postgres';
  return leftOut.some((place) => place.test(file)) ? undefined : 'catalogue';
}

/** A page is asked for by its address. */
export function pathOf(file: string): string {
  return file.replace(/(^|\/)index\.html$/, '$1');
}
