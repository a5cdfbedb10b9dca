import nodePath from 'node:path';
import type { PlatformPath } from 'node:path';

/**
 * The path of a file below a folder, with forward slashes on every system, as it stands in links, messages and data.
 * @param system for tests: `path.win32` or `path.posix`
 */
export function pathBelow(folder: string, file: string, { relative, sep }: Pick<PlatformPath, 'relative' | 'sep'> = nodePath): string {
  return relative(folder, file).split(sep).join('/');
}
