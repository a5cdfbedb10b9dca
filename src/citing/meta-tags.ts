/** What reference managers and chats read of a page that has versions, as names and contents of `<meta>`. */
import { authors, language, licence } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';

export type MetaTag = { name: string; content: string } | { property: string; content: string };

/** @param labels two facts that chats show under the description */
export function metaTags({ pinned, date }: CitedPage, labels: readonly [label: string, data: string][]): MetaTag[] {
  return [
    // Without it, the first tag of a scholarly kind would make the page a journal article in Zotero.
    { name: 'z:itemType', content: 'webpage' },
    // The comma tells Zotero that this is one name, not a first and a last.
    { name: 'DC.creator', content: `${authors},` },
    { name: 'DC.date', content: date },
    { name: 'DC.identifier', content: pinned },
    { name: 'DC.language', content: language },
    { name: 'DC.rights', content: licence.name },
    { property: 'article:modified_time', content: date },
    ...labels.flatMap(([label, data], at) => [{ name: `twitter:label${at + 1}`, content: label }, { name: `twitter:data${at + 1}`, content: data }]),
  ];
}
