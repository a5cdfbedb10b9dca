/** What https://oembed.com asks of a page that can be shown inside another one. */
import { escaped } from './card.ts';
import type { CitedPage } from './cited-page.ts';

export interface OEmbed {
  version: '1.0';
  type: 'rich';
  title: string;
  provider_name: string;
  provider_url: string;
  html: string;
  width: number;
  height: number;
  thumbnail_url: string;
  thumbnail_width: number;
  thumbnail_height: number;
}

const width = 600;
/** Fits the longest description at that width, which a test holds. */
const height = 210;

/** @param addresses absolute: of the home page, the card and the preview picture */
export function oEmbed({ title, description }: CitedPage, { home, card, picture }: { home: string; card: string; picture: string }): OEmbed {
  return {
    version: '1.0',
    type: 'rich',
    title,
    provider_name: 'Pattern Atlas',
    provider_url: home,
    // A card has no script; what it needs is that its links open beside the page.
    html: `<iframe src="${escaped(card)}" width="${width}" height="${height}" title="${escaped(`${title}: ${description}`)}" sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy" style="border:0;max-width:100%"></iframe>`,
    width,
    height,
    thumbnail_url: picture,
    thumbnail_width: 1200,
    thumbnail_height: 630,
  };
}
