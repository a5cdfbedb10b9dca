import type { CitedPage } from './cited-page.ts';

/** The name of one version of a page in somebody's bibliography. Letters, digits, hyphens and full stops: every format takes them. */
export function citationKey({ kind, slug, version }: CitedPage): string {
  return ['pattern-atlas', ...(kind === 'pattern' ? [] : [kind]), slug, version].join('-');
}
