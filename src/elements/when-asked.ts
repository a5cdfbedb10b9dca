/** Fetches what a reader asks for. Without it, links lead where they lead. Who is fetched is handed this: imported, it would be a request of every page. */
export function whenAsked(use: (asked: typeof import('./asked.ts')) => unknown): void {
  import('./asked.ts').then(use).catch(() => {});
}

export type WhenAsked = typeof whenAsked;
