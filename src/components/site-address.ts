import { absolute } from '../citing/addresses.ts';

/** Absolute address of the home page, base path included: what `citedPage` calls the site. */
export const siteAddress = absolute(import.meta.env.SITE, import.meta.env.BASE_URL, '/');
