/** Shows a built site that somebody else made, from the archive that a pull request offers: `npm run preview -- site.zip`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filesIn } from './files-in.ts';
import { staticServer } from './static-server.ts';
import { writtenPath } from './written-path.ts';
import { zipEntries } from './zip-entries.ts';

const usage = 'Usage: npm run preview -- site.zip [--port 4321]\n\nServes a built site, a ZIP archive or a folder, on 127.0.0.1. Nothing of it runs outside the browser.';
const host = '127.0.0.1';

const { place, port } = readArguments(process.argv.slice(2));
const files = servedFiles(place);
if (!files.has('index.html')) stop(`${place} holds no index.html at its root; expected a built site.`, 1);
const server = staticServer(files);
server.once('error', (error: NodeJS.ErrnoException) => stop(error.code === 'EADDRINUSE' ? `Port ${port} on ${host} is in use by another program. Choose another with --port.` : error.message, 1));
server.listen(port, host, () => console.log(`${files.size} files of ${place} are at http://${host}:${port}/ (Ctrl-C stops it)`));

function readArguments(args: readonly string[]): { place: string; port: number } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { port: { type: 'string', short: 'p', default: '4321' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : error}\n\n${usage}`, 2);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    console.log(usage);
    process.exit(0);
  }
  const [first] = positionals.map((each) => writtenPath(each));
  const number = Number(values.port);
  if (first === undefined || positionals.length > 1 || !Number.isInteger(number) || number < 1 || number > 65_535) return stop(usage, 2);
  if (!existsSync(first)) return stop(`There is no ${first}.\n\n${usage}`, 2);
  return { place: first, port: number };
}

function servedFiles(path: string): ReadonlyMap<string, Buffer> {
  if (statSync(path).isFile()) {
    try {
      return zipEntries(readFileSync(path));
    } catch (error) {
      return stop(`${path}: ${error instanceof Error ? error.message : error}.`, 1);
    }
  }
  return filesIn(path);
}

function stop(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
