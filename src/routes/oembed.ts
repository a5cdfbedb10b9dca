import type { APIRoute } from 'astro';
import { absolute, filePathOf } from '../citing/addresses.ts';
import { cardPathOf } from '../citing/card.ts';
import { oEmbed } from '../citing/oembed.ts';
import { siteAddress } from '../components/site-address.ts';
import { cardPages } from './card-pages.ts';
import type { Citable } from './card-pages.ts';

export const getStaticPaths = cardPages;

export const GET: APIRoute = ({ props, site }) => {
  const { cited } = props as Citable['props'];
  const at = (path: string): string => absolute(site, import.meta.env.BASE_URL, path);
  return Response.json(oEmbed(cited, { home: siteAddress, card: at(cardPathOf(cited)), picture: at(filePathOf(cited.kind, cited.slug, 'preview.png')) }));
};
