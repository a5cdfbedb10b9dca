/**
 * What Zotero saves of a page: the rules of its translators "Embedded Metadata" and "RDF" for the tags that this site may have.
 * The kind: what `z:itemType` says; else what `og:type` or `DC.type` says for sure; else a guess from tags for scholars; else a web page.
 */
export interface ZoteroItem {
  itemType: string;
  title?: string;
  publicationTitle?: string;
  creators?: { firstName?: string; lastName: string }[];
  date?: string;
  language?: string;
  rights?: string;
  url?: string;
  abstractNote?: string;
}

const prefixes = ['z', 'dc', 'dcterms', 'og', 'article'];

export function zoteroItem(document: Document): ZoteroItem {
  const said = new Map<string, string>();
  let guess: string | undefined;
  for (const meta of document.head.querySelectorAll('meta')) {
    const name = meta.getAttribute('name') ?? meta.getAttribute('property') ?? '';
    const content = meta.getAttribute('content') ?? '';
    const [, prefix = '', property = ''] = /^([^.:_]*)[.:_](.*)$/.exec(name) ?? [];
    if (prefixes.includes(prefix.toLowerCase())) said.set(`${prefix.toLowerCase()}:${property.charAt(0).toLowerCase()}${property.slice(1)}`, content);
    if (name === 'citation_journal_title') guess = 'journalArticle';
    if (name === 'citation_title' || name === 'citation_series_title') guess ??= 'journalArticle';
  }
  const certain = { website: 'webpage', book: 'book' }[said.get('og:type') ?? ''];
  const creator = said.get('dc:creator');
  return Object.fromEntries(Object.entries({
    itemType: said.get('z:itemType') ?? certain ?? guess ?? 'webpage',
    title: said.get('dc:title') ?? said.get('og:title'),
    publicationTitle: said.get('dc:source') ?? said.get('og:site_name'),
    creators: creator === undefined ? undefined : [cleanAuthor(creator)],
    date: said.get('og:published_time') ?? said.get('dcterms:issued') ?? said.get('dc:date') ?? said.get('dcterms:date'),
    language: said.get('dc:language'),
    rights: said.get('dc:rights'),
    url: said.get('og:url'),
    abstractNote: said.get('og:description'),
  }).filter(([, value]) => value !== undefined)) as unknown as ZoteroItem;
}

/** A name with a comma is "last, first", and with nothing behind the comma one name; any other ends with its last word. */
function cleanAuthor(author: string): { firstName?: string; lastName: string } {
  const trimmed = author.replace(/^[\s.,/[\]:]+/, '').replace(/[\s.,/[\]:]+$/, '');
  if (author.includes(',')) {
    const [lastName = '', firstName] = trimmed.split(/, ?/);
    return { lastName, ...(firstName === undefined ? {} : { firstName }) };
  }
  const space = trimmed.lastIndexOf(' ');
  return space < 0 ? { lastName: trimmed } : { firstName: trimmed.slice(0, space), lastName: trimmed.slice(space + 1) };
}
