import { satteri } from '@astrojs/markdown-satteri';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { existsSync } from 'node:fs';
import { categories } from './src/catalogue/vocabulary.ts';
import { routes } from './src/routes/index.ts';

const diagrams = existsSync(new URL('./src/integrations/diagrams.ts', import.meta.url)) ? await import('./src/integrations/diagrams.ts') : undefined;

export default defineConfig({
  site: 'https://pattern-atlas.github.io',
  srcDir: '.',
  telemetry: false,
  server: { host: '127.0.0.1' },
  markdown: { processor: satteri({ mdastPlugins: diagrams ? [diagrams.mermaidFences()] : [] }) },
  vite: {
    build: {
      rolldownOptions: {
        onLog(level, log, handler) {
          // Every MDX page carries "use astro:head-inject"; eight lines a page would drown real warnings.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
        },
      },
    },
  },
  integrations: [
    ...(diagrams ? [diagrams.diagramsIntegration()] : []),
    { name: 'routes', hooks: { 'astro:config:setup': ({ injectRoute }) => routes.forEach((route) => injectRoute(route)) } },
    starlight({
      title: 'Pattern Atlas',
      description: 'Microservice design patterns, found by the problem you have.',
      credits: false,
      lastUpdated: true,
      editLink: { baseUrl: 'https://github.com/pattern-atlas/pattern-atlas/edit/main/' },
      customCss: ['./src/styles/site.css'],
      components: {},
      sidebar: Object.entries(categories).map(([category, { label }]) => ({
        label,
        items: [{ autogenerate: { directory: `patterns/${category}` } }],
      })),
    }),
  ],
});
