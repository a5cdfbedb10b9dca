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
    + 'On Windows, macOS and others install Node 24, from nodejs.org or with a version manager such as nvm (.nvmrc says which), open a new terminal and try again.',
  );
  process.exit(1);
}
