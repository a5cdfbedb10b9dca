/** A pattern page in sections that open and close, and how far each way of reading it goes. */

/** Least way of reading that opens a section, by the id of its heading; what stands above the first is always read. */
export const openFrom: Readonly<Record<string, '1min' | '5min' | 'all'>> = {
  problem: '5min',
  forces: 'all',
  // In one minute its first drawing alone.
  solution: '1min',
  'when-it-goes-wrong': '5min',
  'try-it': 'all',
  code: 'all',
  variants: 'all',
  'what-it-costs': '5min',
  'what-to-watch': 'all',
  'when-not-to-use-it': 'all',
  'in-practice': 'all',
  'related-patterns': 'all',
  sources: 'all',
};

/** Nobody runs these on paper; a sheet says where they stand. */
const offPaper = ['try-it', 'code'];

/** Silent reading of English that is no fiction: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047. */
const wordsPerMinute = 238;

/** @param html of the body of a pattern page, each heading in the wrapper of src/integrations/anchors.ts */
export function inSections(html: string): { html: string; minutes: Record<'1min' | '5min' | 'all', number> } {
  const [lead = '', ...sections] = html.split(/(?=<div class="sl-heading-wrapper level-h2">)/);
  const words = { '1min': wordsIn(lead), '5min': wordsIn(lead), all: wordsIn(lead) };
  const folded = sections.map((section) => {
    const id = /<h2 id="([^"]*)"/.exec(section)?.[1] ?? '';
    const from = openFrom[id] ?? 'all';
    words.all += wordsIn(section);
    if (from !== 'all') words['5min'] += wordsIn(section);
    const classes = [...(from === '5min' ? [] : [from === 'all' ? 'deep' : 'gist']), ...(offPaper.includes(id) ? ['off-paper'] : [])].join(' ');
    // What can be pressed holds nothing else that can; and as the contents lead to the same place, a heading is one stop of the Tab key.
    return `${section.replace(wrapper, `<details open${classes === '' ? '' : ` class="${classes}"`}><summary class="sl-heading-wrapper level-h2">$1</summary>$2 tabindex="-1"></a>`)}</details>`;
  });
  const minutes = (count: number): number => Math.max(1, Math.round(count / wordsPerMinute));
  return { html: lead + folded.join(''), minutes: { '1min': minutes(words['1min']), '5min': minutes(words['5min']), all: minutes(words.all) } };
}

const wrapper = /^<div class="sl-heading-wrapper level-h2">(.*?<\/h2>)(<a [^>]*)><\/a><\/div>/s;

/** What is seen and read: no drawing, no code, nothing that is folded in. */
function wordsIn(html: string): number {
  return html.replaceAll(/<(svg|style|pre|details|button)\b.*?<\/\1>/gs, ' ').replaceAll(/<[^>]*>/g, ' ').split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
}
