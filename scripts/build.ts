/** Builds the site into dist; what follows is for `astro build`. Usage: npm run build [-- --outDir folder --base /path/] */
import { buildSite } from './astro-build.ts';

process.exitCode = buildSite(process.argv.slice(2)).status ?? 1;
