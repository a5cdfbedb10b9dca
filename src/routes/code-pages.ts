/** The pages of whole examples: which there are, and the files of each with its tests at the end. */
import { draftPages, guidePages, patternPages } from '../catalogue/entries.ts';
import { exampleFiles, exampleText } from '../components/examples.ts';

export interface CodePage {
  kind: 'patterns' | 'guides';
  slug: string;
  /** Of the page to which the example belongs. */
  address: string;
  title: string;
  whose: string;
  /** `file` is a path below src/examples. */
  files: { file: string; name: string; text: string }[];
}

export async function codePages(): Promise<CodePage[]> {
  const drafts = await draftPages();
  const hasExample = ({ slug }: { slug: string }): boolean => exampleFiles.some((file) => file.startsWith(`${slug}/`));
  const guides = [...await guidePages(), ...drafts.filter(({ data }) => data.kind === 'guide')].filter(hasExample);
  return [
    ...[...await patternPages(), ...drafts.filter(({ data }) => data.kind === 'pattern')].filter(hasExample).map(({ slug, address, data }) => ({ kind: 'patterns' as const, slug, address, title: data.title, whose: `the pattern ${data.title}`, files: filesOf(slug) })),
    ...guides.map(({ slug, address, data }) => ({ kind: 'guides' as const, slug, address, title: data.title, whose: `the guide “${data.title}”`, files: filesOf(slug) })),
  ];
}

function filesOf(slug: string): CodePage['files'] {
  return exampleFiles.filter((file) => file.startsWith(`${slug}/`))
    .map((file) => ({ file, name: file.slice(slug.length + 1), get text() { return exampleText(file).trimEnd(); } }))
    .sort((a, b) => Number(a.name.endsWith('.test.ts')) - Number(b.name.endsWith('.test.ts')));
}
