import type { IncomingMessage } from 'node:http';

/**
 * Address of the page that a browser asks the dev server for, below the base path and with its slash at the end; nothing for
 * scripts, pictures and data.
 */
export function askedPage({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>, base: string): string | undefined {
  if (headers.accept?.includes('text/html') !== true) return undefined;
  const [address = ''] = url.split(/[?#]/);
  const below = base.replace(/\/$/, '');
  return (address.startsWith(`${below}/`) ? address.slice(below.length) : address).replace(/\/?$/, '/');
}
