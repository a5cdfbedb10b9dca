/** Every generated address in one table. Pages under content/docs have theirs from their files. */
export const routes: { pattern: string; entrypoint: string }[] = [
  { pattern: '/examples/[...file]', entrypoint: './src/routes/example-file.ts' },
  { pattern: '/patterns/[slug]/code', entrypoint: './src/routes/Code.astro' },
];
