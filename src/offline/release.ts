/** A release of the site as a reader's device keeps it: which files, and which bytes. Paths are below the site, pages by their address: `patterns/saga/`. */

export const parts = ['catalogue', 'postgres'] as const;
export type Part = (typeof parts)[number];

/** The hash tells bytes apart and is checked when they arrive. */
export type Files = Readonly<Record<string, readonly [bytes: number, hash: string]>>;

export interface Manifest {
  /** Made from all files: two builds with the same bytes are one release. */
  release: string;
  version: string;
  /** Day of that version, such as 2026-11-28. */
  date: string;
  parts: Readonly<Record<Part, Files>>;
}

export function filesOf({ parts: all }: Manifest, wanted: readonly Part[]): Files {
  return Object.assign({}, ...wanted.map((part) => all[part])) as Files;
}

export function hashIn({ parts: all }: Manifest, path: string): string | undefined {
  return parts.map((part) => all[part][path]?.[1]).find((hash) => hash !== undefined);
}

export function bytesOf(files: Files): number {
  return Object.values(files).reduce((sum, [bytes]) => sum + bytes, 0);
}

/** As build and browser write it: 96 bits of SHA-256 are enough where nobody may choose the bytes. */
export async function hashOf(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
