import { atOffset } from '../breach.ts';
import { componentsOf, headingsOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

interface Part { component: string; /** Below which it stands; the lead when left out. */ heading?: string; at: 'beginning' | 'end' }

/** What is made from the frontmatter. */
const parts: Record<string, readonly Part[]> = {
  pattern: [
    { component: 'UseWhen', at: 'end' },
    { component: 'Forces', heading: 'Forces', at: 'end' },
    { component: 'TradeOffs', heading: 'What it costs', at: 'end' },
    { component: 'Libraries', heading: 'In practice', at: 'end' },
    { component: 'Related', heading: 'Related patterns', at: 'beginning' },
    { component: 'Sources', heading: 'Sources', at: 'beginning' },
  ],
  problem: [
    { component: 'Reports', heading: 'What you see', at: 'end' },
    { component: 'TellApart', heading: 'Tell them apart', at: 'end' },
    { component: 'Sources', heading: 'Sources', at: 'beginning' },
  ],
  guide: [{ component: 'Sources', heading: 'Sources', at: 'beginning' }],
};

export const derivedParts: Rule = {
  id: 'derived-parts',
  title: 'A page shows what is made from its frontmatter',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => {
      const shown = componentsOf(page).map(({ name }) => name);
      const headings = headingsOf(page, 2);
      return (parts[page.kind] ?? []).filter(({ component }) => !shown.includes(component)).map(({ component, heading, at }) => {
        const above = headings.find(({ text }) => text === heading);
        const next = headings.find(({ start }) => start > (above?.start ?? page.bodyStart));
        const place = `${at === 'end' ? 'at the end of' : 'at the beginning of'} ${heading === undefined ? 'the lead' : `"## ${heading}"`}`;
        return atOffset(tree, page.file, above?.start ?? next?.start ?? page.bodyStart, {
          found: `no <${component} />`,
          expected: `<${component} /> ${place}`,
          mend: `add <${component} /> ${place}`,
          fix: heading !== undefined && above === undefined ? undefined
            : at === 'beginning' && above !== undefined ? { file: page.file, start: above.end, end: above.end, text: `\n\n<${component} />` }
              : next === undefined ? undefined : { file: page.file, start: next.start, end: next.start, text: `<${component} />\n\n` },
        });
      });
    });
  },
};
