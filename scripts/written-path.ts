import { resolve } from 'node:path';

/** A path as somebody typed it: npm starts scripts in the root of the project, and keeps where it was called. */
export function writtenPath(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment['INIT_CWD'] ?? '', path);
}
