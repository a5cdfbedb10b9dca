/**
 * Visits every address outside this site that a page, a source or a text of the project names, and reports those that are lost:
 * `npm run links`. It asks many hosts, so a schedule runs it, never a pull request.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { filesBelow } from '../src/catalogue/files.ts';
import { homepage } from './homepage.ts';
import { externalLinks } from './links/external-links.ts';
import { linkReport } from './links/link-report.ts';
import { visitAll } from './links/visit.ts';
import { writtenPath } from './written-path.ts';

const exceptionsFile = '.github/link-exceptions.yaml';
const exceptionsSchema = z.array(z.strictObject({ address: z.url(), why: z.string().min(8) }));

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, list: { type: 'boolean' }, out: { type: 'string' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const links = externalLinks(textsOf(root), [homepage(), 'https://github.com/pattern-atlas/']);
if (values.help === true) console.log(`npm run links [-- --list | --out links.md]\n\nVisits ${links.size} addresses, politely: some minutes. --list only names them. Addresses in ${exceptionsFile} are left alone.`);
else if (values.list === true) for (const [address, places] of links) console.log(`${address}  ${places.map(({ file, line }) => `${file}:${line}`).join(' ')}`);
else {
  const exceptions = existsSync(join(root, exceptionsFile)) ? exceptionsSchema.parse(parse(readFileSync(join(root, exceptionsFile), 'utf8')) ?? []) : [];
  const wanted = [...links.keys()].filter((address) => !exceptions.some((each) => address.startsWith(each.address)));
  const report = linkReport(links, await visitAll(wanted, `pattern-atlas-links (+${homepage()})`), exceptions);
  if (values.out === undefined) console.log(report);
  else writeFileSync(writtenPath(values.out), report);
}

function textsOf(folder: string): Map<string, string> {
  const files = [
    ...filesBelow(folder, 'content/docs', '.mdx'), ...filesBelow(folder, 'content/data/sources', '.yaml'),
    ...readdirSync(folder).filter((name) => name.endsWith('.md')).sort(),
  ];
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')]));
}
