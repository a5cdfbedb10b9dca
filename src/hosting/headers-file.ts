/**
 * `_headers` and `_redirects`, which Cloudflare Pages, its Workers and hosts with their form read at the root of a site
 * (https://developers.cloudflare.com/pages/configuration/headers/). Rules that match are joined there, so that what a later
 * rule replaces is first taken away, with `!`.
 */
import type { HeaderRule } from './header-rules.ts';

export function headersFile(rules: readonly HeaderRule[]): string {
  const [first, ...later] = rules;
  return [first, ...later].flatMap((rule) => (rule === undefined ? [] : [
    rule.path,
    ...Object.entries(rule.headers).flatMap(([name, value]) => [
      ...(first !== rule && first?.headers[name] !== undefined ? [`  ! ${name}`] : []),
      ...(value === null ? [] : [`  ${name}: ${value}`]),
    ]),
    '',
  ])).join('\n');
}

/** What stands below a page that has moved has moved with it, unless it leads to a place on a page. Places themselves no host sees. */
export function redirectsFile(redirects: readonly { from: string; to: string }[]): string {
  return redirects.filter(({ from }) => !from.includes('#')).map(({ from, to }) => `${from}* ${to.includes('#') ? to : `${to}:splat`} 301\n`).join('');
}
