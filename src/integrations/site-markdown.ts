/**
 * Lends the site's Markdown processor, drawings and coloured code included, to pages that are made from Markdown while the
 * site is built. Astro gives it to loaders alone; build and dev server render in the process that read the configuration.
 */
import type { AstroIntegration } from 'astro';

export function siteMarkdown(): AstroIntegration {
  let isDev = false;
  return {
    name: 'site-markdown',
    hooks: {
      'astro:config:setup': ({ command }) => { isDev = command === 'dev'; },
      'astro:config:done': ({ config: { root, image, markdown } }) => {
        const { processor, ...options } = markdown;
        const renderer = processor.createRenderer({ image, ...options } as Parameters<typeof processor.createRenderer>[0]);
        const rendered = new Map<string, Promise<string>>();
        const render = (text: string, file: string): Promise<string> => {
          const key = `${file}\n${text}`;
          const html = rendered.get(key) ?? renderer.then((site) => site.render(text, { fileURL: new URL(file, root) })).then(({ code }) => code);
          // The sheet of coloured code comes with the first time that a file is rendered, and a build renders each once.
          if (isDev) rendered.set(key, html);
          return html;
        };
        Object.assign(globalThis, { [Symbol.for('pattern-atlas:render-markdown')]: render });
      },
    },
  };
}
