/** Where the verdicts of a judge are kept. */
import { basename, join } from 'node:path';

export function keptFile(root: string, judge: URL): string {
  return join(root, 'node_modules/.cache/checks', `${basename(judge.pathname, '.ts')}.json`);
}
