/** Which pages changed between two revisions, as Markdown for a pull request: `npm run changed -- origin/main`. */
import { homepage } from './homepage.ts';
import { changedMarkdown } from './revisions/changed-markdown.ts';
import { changedBetween } from './revisions/changed.ts';
import { runComparison } from './revisions/compare-command.ts';

await runComparison({
  name: 'changed',
  does: 'Which pages changed: their source, example, glyph, sources or questions.',
  options: { preview: 'links to a site that shows the change, for example http://127.0.0.1:4321' },
  report: (_root, range) => changedBetween(range),
  markdown: (report, { preview }) => changedMarkdown(report, { published: homepage(), preview: typeof preview === 'string' ? preview.replace(/\/+$/, '') : undefined }),
}, process.argv.slice(2));
