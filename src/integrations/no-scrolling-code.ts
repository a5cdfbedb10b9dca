/** Expressive Code brings a script that makes code reachable by keyboard where it scrolls sideways. Here its lines break, so the script is left empty. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AstroIntegration } from 'astro';

export function noScrollingCode(): AstroIntegration {
  return {
    name: 'no-scrolling-code',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const scripts = readdirSync(new URL('_astro/', dir)).filter((file) => /^ec\.\w+\.js$/.test(file)).map((file) => new URL(`_astro/${file}`, dir));
        for (const script of scripts) {
          if (!readFileSync(script, 'utf8').includes('[EC] tabindex-js-module')) throw new Error(`${script.pathname} is no longer only about code that scrolls; see src/integrations/no-scrolling-code.ts`);
          writeFileSync(script, '');
        }
      },
    },
  };
}
