/** Every generated address in one table. Pages under content/docs have theirs from their files. */
export const routes: { pattern: string; entrypoint: string }[] = [
  { pattern: '/[kind]/[slug]/code', entrypoint: './src/routes/Code.astro' },
  { pattern: '/[kind]/[slug]/decision.md', entrypoint: './src/routes/decision-record.ts' },
  { pattern: '/[...page]/index.md', entrypoint: './src/routes/twin.ts' },
  { pattern: '/[kind]/[slug]/preview.png', entrypoint: './src/routes/preview-picture.ts' },
  { pattern: '/categories/[category]', entrypoint: './src/routes/Category.astro' },
  { pattern: '/examples/[...file]', entrypoint: './src/routes/example-file.ts' },
  { pattern: '/examples/[slug].json', entrypoint: './src/routes/example-folder.ts' },
  { pattern: '/find', entrypoint: './src/routes/Find.astro' },
  { pattern: '/find/answers/[slug].json', entrypoint: './src/routes/finder-answer.ts' },
  { pattern: '/find/index.json', entrypoint: './src/routes/finder-index.ts' },
  { pattern: '/guides', entrypoint: './src/routes/Guides.astro' },
  { pattern: '/patterns', entrypoint: './src/routes/Patterns.astro' },
  { pattern: '/preview.png', entrypoint: './src/routes/site-preview.ts' },
  { pattern: '/problems', entrypoint: './src/routes/Problems.astro' },
  { pattern: '/robots.txt', entrypoint: './src/routes/robots.ts' },
  { pattern: '/sandbox.html', entrypoint: './src/routes/sandbox.ts' },
];
