import type { ContentTree } from './content-tree.ts';

export const ledgerFile = 'content/data/addresses.txt';

export interface LedgerLine { address: string; start: number }

/** Each address that was ever given out, with its place in the ledger. */
export function ledgerOf(tree: ContentTree): LedgerLine[] {
  return tree.has(ledgerFile) ? [...tree.read(ledgerFile).matchAll(/^(?!# ).+$/gm)].map(({ 0: address, index }) => ({ address, start: index })) : [];
}
