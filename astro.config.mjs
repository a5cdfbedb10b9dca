import { satteri, satteriHeadingIdsPlugin } from '@astrojs/markdown-satteri';
import sitemap from '@astrojs/sitemap';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { namedPages, unlistedAmong } from './src/catalogue/unlisted.ts';
import { anchors } from './src/integrations/anchors.ts';
import { basePath } from './src/integrations/base-path.ts';
import { bundledText } from './src/integrations/bundled-text.ts';
import { diagramFiles } from './src/integrations/diagram-files.ts';
import { diagramsIntegration, mermaidFences } from './src/integrations/diagrams.ts';
import { fewPages } from './src/integrations/few-pages.ts';
import { filesFromDisk } from './src/integrations/files-from-disk.ts';
import { glossaryLinks } from './src/integrations/glossary-links.ts';
import { leanPreload } from './src/integrations/lean-preload.ts';
import { liveChecks } from './src/integrations/live-checks.ts';
import { mapFiles } from './src/integrations/map-files.ts';
import { movedPages } from './src/integrations/moved-pages.ts';
import { oneReload } from './src/integrations/one-reload.ts';
import { postgresFiles } from './src/integrations/postgres-files.ts';
import { promptChanges } from './src/integrations/prompt-changes.ts';
import { scenarioWorkerBundle, scenarioWorkers } from './src/integrations/scenario-workers.ts';
import { scrolledTables } from './src/integrations/scrolled-tables.ts';
import { siteMarkdown } from './src/integrations/site-markdown.ts';
import { starlightParts } from './src/integrations/starlight-parts.ts';
import { writtenSite } from './src/integrations/written-site.ts';
import { routes } from './src/routes/index.ts';

/** Read when the sitemap is written. */
let isUnlisted;

export default defineConfig({
  site: 'https://pattern-atlas.github.io',
  srcDir: '.',
  telemetry: false,
  // Writes the schemas of the frontmatter for editors: .vscode/settings.json.
  experimental: { contentIntellisense: true },
  // Its script is a request of every page and 1 KB; src/elements/reach-ahead.ts does it in a quarter.
  prefetch: false,
  server: { host: '127.0.0.1' },
  markdown: { processor: fewPages(satteri({ mdastPlugins: [mermaidFences(), glossaryLinks], hastPlugins: [satteriHeadingIdsPlugin(), anchors, scrolledTables], features: { headingAttributes: true } })) },
  vite: {
    plugins: [bundledText(), starlightParts(), filesFromDisk(), leanPreload(), scenarioWorkers(), promptChanges()],
    // Notes of the minifier to itself stay in its output by default.
    worker: { format: 'es', plugins: () => [scenarioWorkerBundle()], rolldownOptions: { output: { comments: false } } },
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
    basePath(),
    diagramsIntegration(),
    diagramFiles(),
    liveChecks(),
    oneReload(),
    mapFiles(),
    siteMarkdown(),
    // A version is found by its link alone.
    sitemap({ filter: (page) => !/\/\d+\.\d+\/$/.test(page) && !(isUnlisted ??= unlistedAmong(namedPages()))(page) }),
    postgresFiles(),
    { name: 'routes', hooks: { 'astro:config:setup': ({ injectRoute }) => routes.forEach((route) => injectRoute(route)) } },
    starlight({
      title: 'Pattern Atlas',
      description: 'Microservice design patterns, found by the problem you have.',
      credits: false,
      // src/integrations/search-index.ts makes it, whole and in a settled order.
      pagefind: false,
      // src/integrations/anchors.ts gives headings their links, and claims too, in half the bytes.
      markdown: { headingLinks: false },
      // The page is content/docs/404.mdx.
      disable404Route: true,
      lastUpdated: true,
      editLink: { baseUrl: 'https://github.com/pattern-atlas/pattern-atlas/edit/main/' },
      customCss: [
        ...['fonts/fonts', 'tokens', 'site', 'prose', 'anchors', 'simulator'].map((sheet) => `./src/styles/${sheet}.css`),
        './src/diagrams/diagrams.css',
        './src/diagrams/mermaid.generated.css',
      ],
      components: {
        ...overrides('ContentPanel', 'Footer', 'Head', 'Header', 'MarkdownContent', 'PageFrame', 'PageSidebar', 'PageTitle', 'Search', 'Sidebar', 'ThemeProvider', 'TwoColumnContent'),
        ...Object.fromEntries(['Banner', 'DraftContentNotice', 'FallbackContentNotice', 'Hero'].map((part) => [part, './src/components/overrides/Nothing.astro'])),
      },
      routeMiddleware: './src/components/overrides/route-data.ts',
      // The sidebar, and what comes before and after a page, are ours: src/components/overrides.
      sidebar: [{ label: 'Patterns', link: '/patterns/' }],
    }),
    movedPages(),
    writtenSite(),
  ],
});

function overrides(...names) {
  return Object.fromEntries(names.map((name) => [name, `./src/components/overrides/${name}.astro`]));
}
