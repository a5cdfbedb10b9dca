/**
 * Who may import whom. A row holds for a file or for a folder (ending in "/"), `*` for any one name in its path; the longest row
 * that fits decides. `own` is the folder of the importing file, `npm` any package, `node:` any module of
 * Node, `text:` a file taken as text or by its address, which is allowed wherever
 * the import is. Whatever is not named is forbidden.
 */
export interface Row { files: string; may: string[]; testsMay?: string[] }

/** Examples of guides: they put those of patterns to work. */
const guides = ['a-payment-that-never-doubles', 'an-order-across-four-services', 'one-slow-service', 'out-of-the-monolith'];

export const law: Row[] = [
  { files: 'content/docs/', may: ['src/components/index.ts', '@astrojs/starlight/components'] },
  { files: 'content.config.ts', may: ['src/catalogue/loader.ts', 'src/catalogue/schema.ts', 'astro:', 'astro/', '@astrojs/starlight/'] },
  { files: 'astro.config.mjs', may: ['src/catalogue/unlisted.ts', 'src/routes/index.ts', 'src/integrations/', 'npm', 'node:'] },
  { files: 'ec.config.mjs', may: ['src/styles/'] },

  { files: 'src/examples/clock.ts', may: [] },
  { files: 'src/examples/virtual-clock.ts', may: ['src/examples/clock.ts'] },
  { files: 'src/examples/', may: ['own', 'src/examples/clock.ts'], testsMay: ['src/examples/virtual-clock.ts', '@electric-sql/pglite'] },

  { files: 'src/examples/lab.ts', may: [] },
  { files: 'src/examples/*/lab.ts', may: ['own', 'src/examples/lab.ts'] },
  { files: 'src/examples/memory-transactions.ts', may: ['src/examples/clock.ts'] },
  { files: 'src/examples/*/memory-database.ts', may: ['own', 'src/examples/clock.ts', 'src/examples/memory-transactions.ts'] },
  { files: 'src/examples/*/memory-upkeep.ts', may: ['own', 'src/examples/clock.ts', 'src/examples/memory-transactions.ts'] },
  { files: 'src/examples/*/scenario.ts', may: ['own', 'src/examples/clock.ts', 'src/simulator/index.ts'] },

  ...guides.flatMap((slug): Row[] => [
    { files: `src/examples/${slug}/`, may: ['src/examples/'], testsMay: ['@electric-sql/pglite'] },
    { files: `src/examples/${slug}/scenario.ts`, may: ['src/examples/', 'src/simulator/index.ts'] },
  ]),

  // They read the table of the outbox, so its words are theirs too.
  ...['polling-publisher', 'transaction-log-tailing'].flatMap((slug): Row[] => {
    const shared = ['own', 'src/examples/clock.ts', 'src/examples/memory-transactions.ts', 'src/examples/transactional-outbox/'];
    return [
      { files: `src/examples/${slug}/`, may: shared, testsMay: ['src/examples/virtual-clock.ts', '@electric-sql/pglite'] },
      { files: `src/examples/${slug}/scenario.ts`, may: [...shared, 'src/simulator/index.ts'] },
    ];
  }),

  // One small code base in folders of modules, whose own rule of borders its tests hold; what changes it stands on it.
  { files: 'src/examples/modular-monolith/', may: ['src/examples/modular-monolith/', 'src/examples/clock.ts'], testsMay: ['src/examples/virtual-clock.ts', '@electric-sql/pglite'] },
  ...['anti-corruption-layer', 'branch-by-abstraction', 'decompose-by-business-capability', 'decompose-by-subdomain'].map((slug): Row => (
    { files: `src/examples/${slug}/`, may: ['own', 'src/examples/clock.ts', 'src/examples/modular-monolith/'], testsMay: ['src/examples/virtual-clock.ts', '@electric-sql/pglite'] })),

  // What is observed is told through the interface that everybody's tools read; its tests collect it with the kit behind that.
  ...['application-metrics', 'correlation-id', 'log-aggregation'].map((slug): Row => (
    { files: `src/examples/${slug}/`, may: ['own', 'src/examples/clock.ts', '@opentelemetry/api'], testsMay: ['src/examples/virtual-clock.ts', '@opentelemetry/'] })),
  { files: 'src/examples/application-metrics/scenario.ts', may: ['own', 'src/examples/clock.ts', 'src/simulator/index.ts'] },
  { files: 'src/examples/log-aggregation/scenario.ts', may: ['own', 'src/examples/clock.ts', 'src/simulator/index.ts'] },

  { files: 'src/catalogue/', may: [] },
  { files: 'src/catalogue/names.ts', may: [] },
  { files: 'src/catalogue/vocabulary.ts', may: ['src/catalogue/names.ts'] },
  { files: 'src/catalogue/relations.ts', may: [] },
  { files: 'src/catalogue/word-lists.ts', may: ['src/catalogue/vocabulary.ts'] },
  { files: 'src/catalogue/schema.ts', may: ['src/catalogue/vocabulary.ts', 'zod'] },
  { files: 'src/catalogue/fields.ts', may: ['src/catalogue/schema.ts', 'zod'] },
  { files: 'src/catalogue/nearest.ts', may: [] },
  { files: 'src/catalogue/violated-rules.ts', may: [] },
  { files: 'src/catalogue/violations.ts', may: ['src/catalogue/nearest.ts', 'src/catalogue/violated-rules.ts', 'zod'] },
  { files: 'src/catalogue/rules.ts', may: ['src/catalogue/schema.ts', 'src/catalogue/violations.ts'] },
  { files: 'src/catalogue/files.ts', may: ['src/catalogue/page-body.ts', 'src/catalogue/path-below.ts', 'src/catalogue/questions.ts', 'src/catalogue/rules.ts', 'src/catalogue/schema.ts', 'src/catalogue/violations.ts', 'src/catalogue/vocabulary.ts', 'src/catalogue/yaml-text.ts', 'node:', 'zod'] },
  { files: 'src/catalogue/yaml-text.ts', may: ['js-yaml', 'yaml'] },
  { files: 'src/catalogue/published.ts', may: ['src/catalogue/vocabulary.ts', 'zod'] },
  { files: 'src/catalogue/questions.ts', may: ['src/catalogue/violated-rules.ts', 'src/catalogue/violations.ts'] },
  { files: 'src/catalogue/kin-words.ts', may: ['node:'] },
  { files: 'src/catalogue/sample.ts', may: ['src/catalogue/schema.ts'] },
  { files: 'src/catalogue/fingerprint.ts', may: ['node:'] },
  { files: 'src/catalogue/path-below.ts', may: ['node:'] },
  { files: 'src/catalogue/page-body.ts', may: ['node:'] },
  { files: 'src/catalogue/redirects.ts', may: ['src/catalogue/list-file.ts', 'src/catalogue/violations.ts', 'node:', 'zod'] },
  { files: 'src/catalogue/versions.ts', may: ['src/catalogue/files.ts', 'src/catalogue/fingerprint.ts', 'src/catalogue/schema.ts', 'src/catalogue/violations.ts', 'src/catalogue/vocabulary.ts', 'node:', 'yaml'] },
  { files: 'src/catalogue/unlisted.ts', may: ['src/catalogue/files.ts', 'node:'] },
  { files: 'src/catalogue/list-file.ts', may: ['src/catalogue/violations.ts', 'src/catalogue/yaml-text.ts', 'zod'] },
  { files: 'src/catalogue/comparisons.ts', may: ['src/catalogue/list-file.ts', 'src/catalogue/schema.ts', 'src/catalogue/violations.ts', 'node:'] },
  { files: 'src/catalogue/glossary.ts', may: ['src/catalogue/list-file.ts', 'src/catalogue/schema.ts', 'src/catalogue/violations.ts', 'node:'] },
  { files: 'src/catalogue/term-links.ts', may: ['src/catalogue/schema.ts'] },
  { files: 'src/catalogue/page-terms.ts', may: ['src/catalogue/schema.ts', 'src/catalogue/term-links.ts', 'satteri'] },
  { files: 'src/catalogue/synonyms.ts', may: ['src/catalogue/yaml-text.ts', 'node:'] },
  { files: 'src/catalogue/loader.ts', may: ['src/catalogue/files.ts', 'src/catalogue/violations.ts', 'astro/loaders', 'node:url'] },
  { files: 'src/catalogue/entries.ts', may: ['src/catalogue/page-body.ts', 'src/catalogue/schema.ts', 'src/catalogue/unlisted.ts', 'src/catalogue/vocabulary.ts', 'astro:content'] },

  { files: 'src/simulator/', may: ['own', 'src/catalogue/vocabulary.ts'] },
  { files: 'src/map/', may: ['own', 'src/catalogue/vocabulary.ts'] },
  { files: 'src/finder/', may: ['own', 'src/catalogue/names.ts', 'src/catalogue/vocabulary.ts'] },
  { files: 'src/citing/', may: ['own', 'src/catalogue/vocabulary.ts'], testsMay: ['src/catalogue/sample.ts'] },
  { files: 'src/citing/nearest-pages.ts', may: ['own', 'src/catalogue/nearest.ts'] },
  // The same finding in the browser and in the terminal.
  { files: 'src/citing/answer-finding.ts', may: ['own', 'src/finder/', 'src/catalogue/vocabulary.ts'] },
  { files: 'src/citing/page-words.ts', may: ['satteri'] },
  // A twin tells the whole of an entry and of its text; what reaches the browser imports none of this.
  { files: 'src/citing/twin/', may: ['own', 'src/citing/', 'src/catalogue/fields.ts', 'src/catalogue/published.ts', 'src/catalogue/relations.ts', 'src/catalogue/schema.ts', 'src/catalogue/vocabulary.ts', 'src/catalogue/word-lists.ts'] },
  { files: 'src/citing/twin/sample-atlas.ts', may: ['own', 'src/catalogue/sample.ts'] },
  { files: 'src/citing/twin/plain-markdown.ts', may: ['satteri'] },
  { files: 'src/checks/', may: ['own', 'src/checks/', 'src/catalogue/', 'src/finder/', 'src/diagrams/', 'src/citing/pairs.ts', 'src/components/regions.ts', 'npm', 'node:'] },
  // What headings are called as the site calls them.
  { files: 'src/checks/judges/anchors.ts', may: ['own', 'src/integrations/anchors.ts', '@astrojs/markdown-satteri', 'satteri'] },
  { files: 'src/comparing/', may: ['own', 'src/citing/', 'src/catalogue/names.ts', 'src/catalogue/nearest.ts', 'src/catalogue/vocabulary.ts'] },
  { files: 'src/comparing/page-parts.ts', may: ['own', 'satteri'] },
  { files: 'src/diagrams/', may: ['own', 'npm', 'node:'] },

  { files: 'src/styles/palette.test.ts', may: [] },
  { files: 'src/offline/', may: ['own'] },
  { files: 'src/hosting/', may: ['own', 'node:'] },

  { files: 'src/pictures/', may: ['own', 'text:src/styles/', 'npm', 'node:'] },

  { files: 'src/elements/', may: ['own', 'src/catalogue/names.ts', 'src/comparing/', 'src/finder/', 'src/citing/', 'src/offline/', 'src/simulator/', 'src/examples/', 'src/styles/'] },
  { files: 'src/elements/example-compiler.ts', may: ['sucrase'] },
  { files: 'src/elements/code-editor.ts', may: ['own', '@codemirror/', '@lezer/highlight'] },
  { files: 'src/components/', may: ['own', 'src/components/', 'src/elements/', 'src/catalogue/', 'src/citing/', 'src/comparing/', 'src/map/', 'src/simulator/', 'src/styles/', 'text:src/examples/', '@astrojs/starlight/', 'virtual:starlight/', 'astro:', 'astro/', 'astro'] },
  { files: 'src/components/kept-code.ts', may: ['node:'] },
  { files: 'src/components/scenarios.ts', may: ['src/examples/', 'src/simulator/', 'src/catalogue/violations.ts'] },
  { files: 'src/routes/index.ts', may: [] },
  { files: 'src/routes/changes.ts', may: ['own', 'src/catalogue/', 'src/citing/', '@astrojs/rss', 'astro'] },
  { files: 'src/routes/', may: ['own', 'src/components/', 'src/catalogue/', 'src/finder/', 'src/citing/', 'src/comparing/', 'src/map/', 'src/pictures/', 'src/styles/', 'text:content/data/', '@astrojs/starlight/', 'astro:', 'astro'] },
  // The map's files are drawn from the same entries as its page.
  { files: 'src/integrations/map-files.ts', may: ['own', 'src/catalogue/', 'src/map/', 'src/diagrams/', 'node:', 'astro'] },
  { files: 'src/integrations/lean-code.ts', may: ['src/styles/', 'node:', 'astro'] },
  { files: 'src/integrations/lean-code.test.ts', may: ['own', 'src/styles/', 'npm', 'node:'] },
  { files: 'src/integrations/', may: ['src/checks/', 'src/catalogue/violated-rules.ts', 'own', 'src/catalogue/glossary.ts', 'src/catalogue/term-links.ts', 'src/catalogue/path-below.ts', 'src/catalogue/redirects.ts', 'src/catalogue/vocabulary.ts', 'src/routes/index.ts', 'src/diagrams/', 'src/hosting/', 'src/offline/', 'src/pictures/', 'npm', 'node:'] },

  { files: 'scripts/bench-simulator.ts', may: ['src/simulator/', 'src/examples/', 'node:'] },
  { files: 'scripts/bench-workers.ts', may: ['own', 'src/simulator/', 'src/examples/', 'npm', 'node:'] },
  { files: 'scripts/bench/', may: ['own', 'scripts/astro-build.ts', 'scripts/browser.ts', 'scripts/script-weight.ts', 'src/catalogue/', 'npm', 'node:'] },
  { files: 'scripts/astro-build.ts', may: ['src/catalogue/', 'src/integrations/written-site.ts', 'node:'] },
  { files: 'scripts/licences.ts', may: ['src/integrations/shipped-packages.ts', 'node:'] },
  // Runs beside a token that may write: no package.
  { files: 'scripts/github/', may: ['own', 'scripts/revisions/', 'node:'] },
  { files: 'scripts/comment.ts', may: ['scripts/github/', 'scripts/homepage.ts', 'node:'] },
  { files: 'scripts/upkeep.ts', may: ['scripts/github/', 'node:'] },
  { files: 'scripts/links/', may: ['own', 'scripts/revisions/markdown-cells.ts', 'node:'] },
  { files: 'scripts/revisions/', may: ['own', 'scripts/open-finder.ts', 'scripts/written-path.ts', 'src/catalogue/', 'src/finder/', 'npm', 'node:'] },
  { files: 'scripts/', may: ['own', 'src/checks/', 'src/catalogue/', 'src/finder/', 'src/citing/', 'src/diagrams/', 'src/hosting/', 'npm', 'node:'] },
  // A page is told from the files as the site tells it: code, simulation and all.
  { files: 'scripts/mcp/', may: ['own', 'scripts/open-finder.ts', 'src/catalogue/', 'src/finder/', 'src/citing/', 'src/simulator/', 'src/examples/', 'src/components/regions.ts', 'src/components/simulation-text.ts', 'npm', 'node:'] },
  { files: 'tests/', may: ['tests/', 'src/', 'scripts/', 'npm', 'node:'] },
  { files: 'vitest.config.ts', may: ['npm'] },
];

/** What every `*.test.ts` may import beside what its room may. */
export const testsMay = ['own', 'npm', 'node:'];

/** What stands beside the code for tests alone. */
export const testSupport = ['scripts/github/fake-github.ts', 'scripts/revisions/sample-repository.ts', 'src/catalogue/sample.ts', 'src/comparing/sample.ts', 'src/citing/twin/sample-atlas.ts', 'src/finder/sample-chance.ts', 'src/examples/virtual-clock.ts'];
