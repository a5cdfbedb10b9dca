const base = import.meta.env.BASE_URL.replace(/\/$/, '');

/** An address of this site, wherever it stands: `/find/` is `/atlas/find/` under the base `/atlas/`. */
export function fromRoot(path: string): string {
  return base + path;
}
