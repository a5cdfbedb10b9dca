import { nearestWord } from '../../catalogue/nearest.ts';
import { parseRedirects, redirected, redirectsFile } from '../../catalogue/redirects.ts';
import { addressesOf } from '../addresses.ts';
import type { Addresses } from '../addresses.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { ledgerFile, ledgerOf } from '../ledger.ts';
import type { LedgerLine } from '../ledger.ts';
import { mdxOf, wordsOf } from '../mdx-page.ts';
import type { Located } from '../mdx-page.ts';
import type { Breach, Rule } from '../rule.ts';

/** Pages that are lost are the matter of the rule `lost-address`; here is what stands on pages, and beside them. */
export const lostPlace: Rule = {
  id: 'lost-place',
  title: 'A place or file that was given out stays, or leads on',
  holds: 'always',
  inThread: true,
  async check(tree) {
    const addresses = await addressesOf(tree);
    const redirects = tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).redirects : [];
    const given = ledgerOf(tree);
    const ledger = new Set(given.map(({ address }) => address));
    return given.filter(({ address }) => redirected(address, redirects) === undefined).flatMap((line) => {
      const [path = '', place] = line.address.split('#');
      if (place !== undefined) {
        const page = addresses.pageAt(path);
        // Places that come from the frontmatter are not lost while it is broken.
        return page?.data === undefined || addresses.placesOn(path)?.has(place) !== false ? [] : [placeBreach(tree, page, path, place, addresses, ledger)];
      }
      if (addresses.has(path) || isOfPage.test(path)) return [];
      // A page that is lost takes along what stood beside it.
      const above = [...ledger].filter((each) => each !== path && each !== '/' && each.endsWith('/') && path.startsWith(each));
      return above.some((each) => !addresses.has(each)) ? [] : [fileBreach(tree, line)];
    }).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  },
};

const isOfPage = /^\/(?:patterns|problems|guides)\/[^/]+\/$|^\/contribute\/(?:[^/]+\/)*$|^\/$/;

function fileBreach(tree: ContentTree, { address, start }: LedgerLine): Breach {
  return atOffset(tree, ledgerFile, start, {
    found: `"${address}", where the site has nothing any more`,
    expected: 'whatever was given out, or a line in content/data/redirects.yaml',
    mend: 'bring it back; the picture of a diagram is called by the words of its accTitle',
  });
}

/** Told where the place most likely stood: at the heading or claim whose place is new and whose words are the nearest. */
function placeBreach(tree: ContentTree, page: SourcePage, path: string, place: string, addresses: Addresses, ledger: ReadonlySet<string>): Breach {
  const fresh = [...addresses.placesOn(path) ?? []].filter((each) => !ledger.has(`${path}#${each}`));
  const near = nearestWord(place, fresh) ?? fresh.find((each) => each.split('-')[0] === place.split('-')[0]);
  const blocks = mdxOf(page).nodes.filter(({ node }) => node.type === 'heading' || node.type === 'paragraph');
  const block = near === undefined ? undefined : blocks.find((each) => isNamed(page, each, near));
  const isHeading = block?.node.type === 'heading';
  const end = block === undefined ? 0 : page.text.slice(block.start, block.end).trimEnd().length + block.start;
  return atOffset(tree, page.file, block?.start ?? page.bodyStart, {
    found: `no place "${place}" on ${path} any more`,
    expected: near === undefined ? `a heading or a claim that keeps it, or where ${path}#${place} leads now` : `"${place}", which seems to have become "${near}"`,
    mend: isHeading ? `keep the place with {#${place}} behind the heading` : `bring its words back, or add { from: '${path}#${place}', to: '${path}${near === undefined ? '' : `#${near}`}', since: … } to content/data/redirects.yaml`,
    fix: isHeading && !page.text.slice(block.start, end).endsWith('}') ? { file: page.file, start: end, end, text: ` {#${place}}` } : undefined,
  });
}

function isNamed(page: SourcePage, { node, start, end }: Located, place: string): boolean {
  const said = node.type === 'heading' ? wordsOf(node) : page.text.slice(start, end);
  return said.split('\n').some((line) => line.normalize('NFKD').toLowerCase().replaceAll(/['’*\u0300-\u036f]/g, '').replaceAll(/[^a-z\d]+/g, '-').replace(/^-/, '').startsWith(place));
}
