// Preloaded with --import, in plain JavaScript: an old Node must be able to read it before it meets a .ts file.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.match(/\d+\.\d+/)[0];
const [major, minor] = process.versions.node.split('.').map(Number);
const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);

if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  console.error(
    `Pattern Atlas needs Node ${wanted} or later; this is Node ${process.versions.node} (${process.execPath}).\n`
    + 'On Linux x64 "npm ci" brings Node 24 with it: run it again without --omit=optional, and start scripts through npm.\n'
    + 'Elsewhere install Node 24, for example with "nvm install" (the version stands in .nvmrc), and try again.',
  );
  process.exit(1);
}
