/** Where the built site is: SITE_DIR names another folder than dist, SITE_BASE the base path under which it was built. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../architecture/repository.ts';

export const siteDir = resolve(root, process.env['SITE_DIR'] ?? 'dist');
/** Begins and ends with a slash. */
export const siteBase = process.env['SITE_BASE'] ?? '/';
if (!existsSync(join(siteDir, 'index.html'))) throw new Error(`There is no built site in ${siteDir}. Run "npm run build" first, or name its folder in SITE_DIR.`);
