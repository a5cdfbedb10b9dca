/** What https://oembed.com asks of a page that can be shown inside another one. */
import { atlas } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { escaped } from './escaped.ts';
import { previewHeight, previewWidth } from './preview-size.ts';

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
/** Fits the longest description at that width. */
const height = 180;

/** @param addresses absolute: of the home page, the card and the preview picture */
export function oEmbed({ title, description }: CitedPage, { home, card, picture }: { home: string; card: string; picture: string }): OEmbed {
  return {
    version: '1.0',
    type: 'rich',
    title,
    provider_name: atlas,
    provider_url: home,
    // No script may run in there. Its links open beside the page, and its fonts need the origin that they come from.
    html: `<iframe src="${escaped(card)}" width="${width}" height="${height}" title="${escaped(`${title}: ${description}`)}" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" loading="lazy" style="border:0;max-width:100%"></iframe>`,
    width,
    height,
    thumbnail_url: picture,
    thumbnail_width: previewWidth,
    thumbnail_height: previewHeight,
  };
}
