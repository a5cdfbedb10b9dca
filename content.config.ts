import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { addressOf, checked, outlines } from './src/catalogue/loader.ts';
import { flatEntrySchema, patternSchema, sourceSchema } from './src/catalogue/schema.ts';

export const collections = {
  docs: defineCollection({
    loader: checked(docsLoader({ generateId: ({ entry }) => addressOf(entry) })),
    schema: docsSchema({ extend: flatEntrySchema }),
  }),
  outlines: defineCollection({ loader: outlines, schema: patternSchema }),
  // Starlight warns when there is none; texts of the interface that differ from its own go here.
  i18n: defineCollection({ loader: () => [{ id: 'en' }], schema: i18nSchema() }),
  sources: defineCollection({
    loader: glob({ base: './content/data/sources', pattern: '*.yaml' }),
    schema: sourceSchema,
  }),
};
