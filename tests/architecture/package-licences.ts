/** The licences under which packages may come in, each with the reason. */
export const allowedLicences: Record<string, string> = {
  '0BSD': 'asks for nothing',
  'Apache-2.0': 'permissive; its notice stands in licences.txt where the package reaches readers',
  'Apache-2.0 AND LGPL-3.0-or-later': 'sharp with libvips: makes pictures while the site is built, and no part of it is in the site',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT': 'as above, as WebAssembly',
  'BSD-2-Clause': 'permissive',
  'BSD-3-Clause': 'permissive',
  'BlueOak-1.0.0': 'permissive',
  'CC0-1.0': 'asks for nothing',
  'EPL-2.0 OR GPL-3.0-or-later': 'elkjs comes with Mermaid, which draws while the site is built, and no part of it is in the site',
  'ISC': 'permissive',
  'LGPL-3.0-or-later': 'libvips, as above: a library of its own that can be replaced',
  'MIT': 'permissive; its notice stands in licences.txt where the package reaches readers',
  'MPL-2.0': 'by file, and no file of such a package is changed or in the site: axe, satori, Lightning CSS',
  '(MIT AND Zlib)': 'permissive',
  '(MPL-2.0 OR Apache-2.0)': 'DOMPurify, taken under Apache-2.0; not in the site',
  'OFL-1.1': 'the fonts',
  'Python-2.0': 'argparse, permissive; not in the site',
  'Unlicense': 'asks for nothing',
};

/** What the lock file says nothing of, as the package's own files have it. */
export const unstated: Record<string, string> = { khroma: 'MIT' };
