/** Fetches what a reader asks for. Without it, links lead where they lead. */
export function whenAsked(use: (asked: typeof import('./asked.ts')) => unknown): void {
  import('./asked.ts').then(use).catch(() => {});
}
