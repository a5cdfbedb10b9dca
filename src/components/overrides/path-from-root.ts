const base = import.meta.env.BASE_URL.replace(/\/$/, '');

/** Where a page stands on the site, such as `/find/`, whatever base the site has. */
export function pathFromRoot(path: string): string {
  return path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}
