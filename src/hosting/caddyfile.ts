/**
 * The configuration for Caddy 2 (https://caddyserver.com/docs/caddyfile). SITE_ADDRESS is where it listens (":8080"), SITE_ROOT
 * the folder of the release. Rules stand in a `route`, which keeps their order: a later one replaces what an earlier one has set.
 */
import type { HeaderRule } from './header-rules.ts';

export function caddyfile(rules: readonly HeaderRule[], redirects: readonly { from: string; to: string }[]): string {
  const moved = redirects.filter(({ from }) => !from.includes('#')).flatMap(({ from, to }) => [
    `\t\thandle_path ${from}* {`,
    `\t\t\tredir * ${to.includes('#') ? to : `${to.slice(0, -1)}{uri}`} 301`,
    '\t\t}',
  ]);
  const headers = rules.flatMap(({ path, headers: own }, index) => [
    // Inside a path `*` ends at a slash; at its beginning it does not.
    `\t\t@rule${index} path ${path.replace(/:[a-z]+/g, '*').replace(/^\/(?=\*\.)/, '')}`,
    `\t\theader @rule${index} {`,
    // The server of files would say what kind a file is.
    ...('Content-Type' in own ? ['\t\t\tdefer'] : []),
    ...Object.entries(own).map(([name, value]) => (value === null ? `\t\t\t-${name}` : `\t\t\t${name} ${JSON.stringify(value)}`)),
    '\t\t}',
  ]);
  return [
    '{', '\tadmin off', '}', '',
    '{$SITE_ADDRESS::8080} {', '\troot * {$SITE_ROOT:/srv}',
    '\troute {', ...moved, ...headers,
    '\t\tfile_server {', '\t\t\tprecompressed br gzip', '\t\t\thide _headers _redirects', '\t\t}',
    '\t}',
    '\thandle_errors {', '\t\trewrite * /404.html', '\t\tfile_server {', '\t\t\tprecompressed br gzip', '\t\t}', '\t}',
    '}', '',
  ].join('\n');
}
