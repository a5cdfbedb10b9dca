import { underBase } from '../citing/addresses.ts';

/** An address of this site, wherever it stands: `/find/` is `/atlas/find/` under the base `/atlas/`. */
export function fromRoot(path: string): string {
  return underBase(import.meta.env.BASE_URL, path);
}
