/** Both reports about a pull request as data, for the workflow that comments: `npm run report -- HEAD^1 --json --out report.json`. */
import { asCode } from './revisions/markdown-cells.ts';
import { homepage } from './homepage.ts';
import { changedMarkdown } from './revisions/changed-markdown.ts';
import { runComparison } from './revisions/compare-command.ts';
import { movedMarkdown } from './revisions/moved-markdown.ts';
import { reportOn } from './revisions/report.ts';

await runComparison({
  name: 'report',
  does: 'Which pages changed and which answers moved, as a pull request is told.',
  report: reportOn,
  markdown: ({ changed, moved }) => [changedMarkdown(changed, { published: homepage() }), 'failure' in moved ? `The finder could not be asked: ${asCode(moved.failure, 600)}` : movedMarkdown(moved)].join('\n\n'),
}, process.argv.slice(2));
