import type { APIRoute } from 'astro';
import { underBase } from '../citing/addresses.ts';
import { cardHtml } from '../citing/card.ts';
import { siteAddress } from '../components/site-address.ts';
import { cardPages } from './card-pages.ts';
import type { Citable } from './card-pages.ts';

export const getStaticPaths = cardPages;

export const GET: APIRoute = ({ props }) => {
  const { cited, ...words } = props as Citable['props'];
  return new Response(cardHtml(cited, { ...words, sheet: underBase(import.meta.env.BASE_URL, '/card.css'), home: siteAddress }), { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
};
