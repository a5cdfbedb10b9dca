/** Pages that nobody has read from top to bottom for a year, the longest first: `npm run unreviewed`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCatalogue } from '../src/catalogue/files.ts';
import { isCurrent } from '../src/catalogue/vocabulary.ts';
import { pathOf } from '../src/citing/addresses.ts';
import { homepage } from './homepage.ts';
import { unreviewed } from './unreviewed-pages.ts';
import { writtenPath } from './written-path.ts';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, today: { type: 'string', default: new Date().toISOString().slice(0, 10) }, days: { type: 'string', default: '365' }, out: { type: 'string' } } });
if (values.help === true) console.log('npm run unreviewed [-- --days 365 --today 2027-11-27 --out unreviewed.md]\n\nLists the pages whose `reviewed` is longer ago.');
else {
  const { patterns, problems, guides } = readCatalogue(fileURLToPath(new URL('..', import.meta.url)));
  const pages = [...patterns, ...problems, ...guides].flatMap(({ slug, file, data }) => (isCurrent(data) ? [{ file, title: data.title, reviewed: data.reviewed, address: `${homepage()}${pathOf(data.kind, slug)}` }] : []));
  const report = unreviewed(pages, values.today, Number(values.days));
  if (values.out === undefined) console.log(report);
  else writeFileSync(writtenPath(values.out), report);
}
