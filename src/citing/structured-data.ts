/** What search engines read of a page, as JSON-LD. It is data: no policy for scripts has to allow it, and no hash is needed. */
import { atlas, authors, language, licence } from './authorship.ts';

export interface DescribedPage {
  title: string;
  description: string;
  address: string;
  home: string;
  /** From the first page down to this one, both included. */
  trail: readonly { title: string; address: string }[];
  image: string;
  /** Of a page that has versions. `published` is the day of the first. */
  versions?: { version: string; published: string; modified: string };
}

export function structuredData(page: DescribedPage): string {
  const graph = page.address === page.home ? [website(page)] : [described(page), breadcrumbs(page)];
  // A closing tag inside a text would end the element.
  return JSON.stringify({ '@context': 'https://schema.org', '@graph': graph }).replaceAll('<', '\\u003c');
}

function described(page: DescribedPage): object {
  const { title, description, address, home, image, versions } = page;
  const organisation = { '@type': 'Organization', name: authors, url: home };
  const isPartOf = { '@type': 'WebSite', name: atlas, url: home };
  if (versions === undefined) return { '@type': 'WebPage', name: title, description, url: address, inLanguage: language, isPartOf };
  return {
    '@type': 'TechArticle', headline: title, description, url: address, inLanguage: language,
    image,
    datePublished: versions.published, dateModified: versions.modified, version: versions.version,
    license: licence.address, author: organisation, publisher: organisation, isPartOf,
  };
}

function website({ description, address }: DescribedPage): object {
  return { '@type': 'WebSite', name: atlas, description, url: address, inLanguage: language };
}

function breadcrumbs({ trail }: DescribedPage): object {
  return { '@type': 'BreadcrumbList', itemListElement: trail.map(({ title, address }, at) => ({ '@type': 'ListItem', position: at + 1, name: title, item: address })) };
}
