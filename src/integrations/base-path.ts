/** The site under a base path, as `npm run build -- --base /atlas/` has it: addresses in HTML get the base in one place. */
import { readdirSync } from 'node:fs';
import type { AstroIntegration } from 'astro';
import { routes } from '../routes/index.ts';

export function basePath(): AstroIntegration {
  return {
    name: 'base-path',
    hooks: {
      'astro:config:setup': ({ config, addMiddleware }) => {
        const first = config.base.split('/')[1] ?? '';
        if (first === '') return;
        const own = new Set([...routes.map(({ pattern }) => pattern.split('/')[1] ?? ''), ...readdirSync(new URL('content/docs/', config.srcDir))]);
        // An address could not be told from one that has its base already.
        if (own.has(first)) throw new Error(`--base: found "${config.base}", which is also the beginning of pages of the site; choose a name other than ${[...own].filter((name) => /^[a-z-]+$/.test(name)).sort().join(', ')}`);
        addMiddleware({ order: 'pre', entrypoint: new URL('base-path-middleware.ts', import.meta.url) });
      },
    },
  };
}
