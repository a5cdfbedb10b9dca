/** Expressive Code brings a script that makes code reachable by keyboard where it scrolls sideways. Here its lines break, so pages do without. */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AstroIntegration } from 'astro';

const scriptFile = /^ec\.\w+\.js$/;
const scriptTag = /<script type="module" src="[^"]*\/_astro\/ec\.\w+\.js"><\/script>/g;

export function noScrollingCode(): AstroIntegration {
  return {
    name: 'no-scrolling-code',
    hooks: {
      'astro:build:done': ({ dir }) => {
        for (const file of readdirSync(new URL('_astro/', dir)).filter((each) => scriptFile.test(each))) {
          const script = new URL(`_astro/${file}`, dir);
          if (!readFileSync(script, 'utf8').includes('[EC] tabindex-js-module')) throw new Error(`${script.pathname} is no longer only about code that scrolls; see src/integrations/no-scrolling-code.ts`);
          rmSync(script);
        }
        for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.html'))) {
          const page = new URL(file.replaceAll('\\', '/'), dir);
          const html = readFileSync(page, 'utf8');
          if (html.includes('/_astro/ec.')) writeFileSync(page, html.replaceAll(scriptTag, ''));
        }
      },
    },
  };
}
