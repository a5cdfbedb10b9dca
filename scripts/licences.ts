/** Writes THIRD-PARTY.md again: what of others reaches readers, and under which licence. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPackages, thirdPartyPage } from '../src/integrations/shipped-packages.ts';

const root = join(import.meta.dirname, '..');
const packages = shippedPackages(root);
writeFileSync(join(root, 'THIRD-PARTY.md'), thirdPartyPage(packages));
console.log(`THIRD-PARTY.md: ${packages.length} packages`);
