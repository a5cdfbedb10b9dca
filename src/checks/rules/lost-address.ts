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

export const lostAddress: Rule = {
  id: 'lost-address',
  title: 'An address that was given out stays, or leads on',
  holds: 'always',
  async check(tree) {
    const addresses = await addressesOf(tree);
    const redirects = tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).redirects : [];
    const given = ledgerOf(tree);
    const ledger = new Set(given.map(({ address }) => address));
    return given.filter(({ address }) => redirected(address, redirects) === undefined).flatMap((line) => {
      const [path = '', place] = line.address.split('#');
      if (place !== undefined) {
        const page = addresses.pageAt(path);
        return page === undefined || addresses.placesOn(path)?.has(place) !== false ? [] : [lostPlace(tree, page, path, place, addresses, ledger)];
      }
      if (addresses.has(path)) return [];
      // A page that is lost takes along what stood below it; one message is enough.
      const above = [...ledger].filter((each) => each !== path && each !== '/' && each.endsWith('/') && path.startsWith(each));
      return above.some((each) => !addresses.has(each)) ? [] : [lostPage(tree, line, addresses)];
    }).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  },
};

function lostPage(tree: ContentTree, { address, start }: LedgerLine, { pages }: Addresses): Breach {
  const isPage = address.endsWith('/');
  return atOffset(tree, ledgerFile, start, {
    found: `"${address}", where the site has no ${isPage ? 'page' : 'file'} any more`,
    expected: 'each address that was ever given out, or where it leads now',
    nearest: isPage ? nearestWord(address, pages) : undefined,
    mend: isPage ? 'bring the page back, or say in content/data/redirects.yaml where its readers shall go' : 'bring the file back; a diagram keeps its address with the words of its accTitle',
  });
}

/** Told where the place most likely stood: at the heading or claim whose place is new and whose words are the nearest. */
function lostPlace(tree: ContentTree, page: SourcePage, path: string, place: string, addresses: Addresses, ledger: ReadonlySet<string>): Breach {
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
