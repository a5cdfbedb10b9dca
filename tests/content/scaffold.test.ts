/** What `npm run new` writes passes at once, with nothing else touched: the rules, and the ledger of addresses. */
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readLedger } from '../../scripts/ledger.ts';
import { knownEntries } from '../../scripts/new/known-entries.ts';
import { plannedFiles } from '../../scripts/new/planned-files.ts';
import { Questions } from '../../scripts/new/questions.ts';
import { requestFrom } from '../../scripts/new/request.ts';
import { givenOut } from '../../scripts/site-addresses.ts';
import { addressesOf } from '../../src/checks/addresses.ts';
import { ContentTree } from '../../src/checks/content-tree.ts';
import { rules } from '../../src/checks/rules.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { root } from '../architecture/repository.ts';

type Options = Parameters<typeof requestFrom>[1];

const tree = new ContentTree(root);
const outline = tree.catalogue.patterns.find(({ data }) => data.status === 'outline');
const description = 'Send a second request when the first one is slow.';
const begun = [
  ...(outline === undefined ? [] : [await scaffold(outline.slug, {})]),
  await scaffold('second-request', { category: 'resilience', description }),
  await scaffold('the-first-request-is-slow', { kind: 'problem', group: 'slow', description }),
  await scaffold('requests-in-pairs', { kind: 'guide', description }),
];
const files = Object.assign({}, ...begun) as Record<string, string>;
const draft = tree.with(files);
const reviewed = tree.with(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replace('\nstatus: draft\n', "\nstatus: reviewed\nreviewed: 2026-12-01\nchanges:\n  - { version: '1.0', date: 2026-12-01, what: The first version. }\n")])));

test('a scaffold of each kind breaks no rule, and a page that says it is complete does', async () => {
  const [before, after, claimed] = [await findings(tree), await findings(draft), await findings(reviewed)];
  expect(after.filter((finding) => !before.includes(finding))).toEqual([]);
  expect(claimed.length).toBeGreaterThan(before.length);
});

test('the ledger asks for no address of a draft, and for those of a page that was reviewed', async () => {
  const known = new Set(readLedger(root));
  const missing = async (planted: ContentTree): Promise<string[]> => givenOut(await served(planted), planted.catalogue).filter((address) => !known.has(address));
  const without = await missing(tree);
  expect((await missing(draft)).filter((address) => !without.includes(address))).toEqual([]);
  expect(await missing(reviewed)).toEqual(expect.arrayContaining(['/patterns/second-request/', '/patterns/second-request/code/', '/problems/the-first-request-is-slow/', '/guides/requests-in-pairs/']));
});

/** Each file with its text, without writing any. */
async function scaffold(name: string, options: Options): Promise<Record<string, string>> {
  const nobody = new Questions({ input: Readable.from([]), output: new PassThrough(), errors: new PassThrough() });
  const request = await requestFrom(name, options, knownEntries(root), nobody);
  return Object.fromEntries(plannedFiles(request, root).map(({ file, text }) => [file, text]));
}

async function findings(planted: ContentTree): Promise<string[]> {
  const { findings: found, faults } = await runChecks(planted, rules);
  return [...found.map(({ rule, file, line, found: what, expected }) => `${file}:${line} ${rule}: found ${what}; expected ${expected}`), ...faults.map(({ rule, message }) => `${rule}: ${message}`)];
}

/** Pages and places on them, told from the files as the site tells them. */
async function served(planted: ContentTree): Promise<string[]> {
  const { pages, placesOn } = await addressesOf(planted);
  return pages.flatMap((address) => [address, ...[...placesOn(address) ?? []].filter((place) => !place.startsWith('_')).map((place) => `${address}#${place}`)]);
}
