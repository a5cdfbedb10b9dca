import { readFileSync } from 'node:fs';

/** Where the site is published, as package.json says, without a slash at the end. */
export function homepage(): string {
  const { homepage: address } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { homepage: string };
  return address.replace(/\/+$/, '');
}
