/** Writes `/licences.txt`: licences ask that their notices come along with what is given away. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { licencesFile, shippedPackages } from './shipped-packages.ts';

export function licenceFile(): AstroIntegration {
  let root = '';
  return {
    name: 'licence-file',
    hooks: {
      'astro:config:done': ({ config }) => { root = fileURLToPath(config.root); },
      'astro:build:done': ({ dir }) => writeFileSync(new URL('licences.txt', dir), licencesFile(shippedPackages(root))),
    },
  };
}
