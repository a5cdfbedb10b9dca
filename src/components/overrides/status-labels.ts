import type { Status } from '../../catalogue/vocabulary.ts';

/** What a date says of a page: the words before it. */
export const statusLabels: Record<Status, string> = {
  outline: 'In preparation',
  draft: 'Draft, not yet reviewed',
  reviewed: 'Reviewed',
  stable: 'Stable, reviewed',
  superseded: 'Superseded, last reviewed',
};
