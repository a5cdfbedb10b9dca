/** What a pull request changes, as data: made by its own code, read by code that does not trust it. */
import { RevisionError } from './revision.ts';
import type { Range } from './revision.ts';
import { changedBetween } from './changed.ts';
import type { ChangedReport } from './changed.ts';
import { movedBetween } from './moved.ts';
import type { MovedReport } from './moved.ts';

export interface Report {
  changed: ChangedReport;
  /** Or why the finder could not be asked. */
  moved: MovedReport | { failure: string };
}

export async function reportOn(root: string, range: Range): Promise<Report> {
  const changed = changedBetween(range);
  try {
    return { changed, moved: await movedBetween(root, range) };
  } catch (error) {
    if (!(error instanceof RevisionError)) throw error;
    return { changed, moved: { failure: error.message } };
  }
}
