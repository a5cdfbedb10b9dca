/** Every address outside this site that the text of the project names. */

export interface Place { file: string; line: number }

/** @param texts by path below the repository @param own beginnings of addresses that other checks hold */
export function externalLinks(texts: ReadonlyMap<string, string>, own: readonly string[]): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const [file, text] of texts) {
    withoutFences(text).split('\n').forEach((line, at) => {
      for (const address of addressesIn(file, line)) if (isOutside(address, own)) found.set(address, [...found.get(address) ?? [], { file, line: at + 1 }]);
    });
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function addressesIn(file: string, line: string): string[] {
  const plain = line.replaceAll(/`[^`]*`/g, '');
  const named = [...plain.matchAll(/https?:\/\/(?:[^\s<>"'()[\]{}|\\]|\([^\s<>"'()]*\))+/g)].map(([address]) => address.replace(/[.,;:!?*_]+$/, '').replace(/#.*$/, ''));
  const doi = file.endsWith('.yaml') ? /^doi: ["']?(10\.[^\s"']+)/.exec(line)?.[1] : undefined;
  return doi === undefined ? named : [...named, `https://doi.org/${doi}`];
}

/** Of this site, or of no site: reserved names and this machine. */
function isOutside(address: string, own: readonly string[]): boolean {
  if (own.some((each) => address.startsWith(each)) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname.includes('.') && !/(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(com|net|org)$|^[\d.]+$/.test(hostname);
}

/** Code is quoted, not linked; lines stay where they are. */
function withoutFences(text: string): string {
  return text.replaceAll(/^( *)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2\s*$/gm, (fence) => fence.replaceAll(/[^\n]/g, ' '));
}
