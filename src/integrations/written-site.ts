/**
 * What a site lacks once Astro has written its pages (last-steps.ts) is made when Astro's process is gone, and with it what that
 * held in memory, if a script builds the site; `astro build` by itself has it made at its end.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import type { WrittenSite } from './last-steps.ts';

/** Names the file to which a written site is told, for whoever takes the last steps. */
export const laterVariable = 'ATLAS_WRITTEN_SITE';

/** Must stand last. */
export function writtenSite(): AstroIntegration {
  let [root, site, base] = ['', '', ''];
  return {
    name: 'written-site',
    hooks: {
      'astro:config:done': ({ config }) => {
        [root, site, base] = [fileURLToPath(config.root), new URL(config.site ?? 'http://localhost').origin, config.base.replace(/\/$/, '')];
      },
      'astro:build:done': async ({ dir, logger }) => {
        const written: WrittenSite = { root, folder: fileURLToPath(dir), site, base };
        const later = process.env[laterVariable];
        if (later !== undefined) return writeFileSync(later, JSON.stringify(written));
        const { takeLastSteps } = await import('./last-steps.ts');
        await takeLastSteps(written, (words) => logger.info(words));
      },
    },
  };
}
