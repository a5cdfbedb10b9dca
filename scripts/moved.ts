/** Which answers of the finder moved between two revisions, as Markdown for a pull request: `npm run moved -- origin/main`. */
import { runComparison } from './revisions/compare-command.ts';
import { movedMarkdown } from './revisions/moved-markdown.ts';
import { movedBetween } from './revisions/moved.ts';

await runComparison({
  name: 'moved',
  does: 'Which questions of the benchmark and of the pages have other answers among their first three.',
  report: movedBetween,
  markdown: (report) => movedMarkdown(report),
}, process.argv.slice(2));
