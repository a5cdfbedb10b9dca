import { asCode, longTable } from '../revisions/markdown-cells.ts';
import type { Place } from './external-links.ts';
import type { Visit } from './visit.ts';

/** An address that programs are not let in to, or that is known to be gone: the reason stands with it. */
export interface Exception { address: string; why: string }

/** The first line is the title; nothing follows where nothing is to be done. */
export function linkReport(links: ReadonlyMap<string, readonly Place[]>, visits: readonly Visit[], exceptions: readonly Exception[]): string {
  const lost = visits.filter(({ outcome }) => outcome === 'lost');
  const idle = exceptions.filter(({ address }) => ![...links.keys()].some((each) => each.startsWith(address)));
  const row = ({ address, detail }: Visit): string[] => [`<${address}>`, asCode(detail, 200), (links.get(address) ?? []).map(({ file, line }) => asCode(`${file}:${line}`, 120)).join(', ')];
  const title = '# External links that lead nowhere';
  if (lost.length + idle.length === 0) return `${title}\n`;
  return [
    title,
    `${visits.length} addresses were visited. What is lost wants another address, or leaves the page; an address that only refuses programs goes to \`.github/link-exceptions.yaml\` with its reason, once somebody has opened it.`,
    longTable(`Lost: ${lost.length}`, ['address', 'answer', 'where'], lost.map(row), { open: 40, most: 120 }),
    longTable(`Exceptions that no page needs any more: ${idle.length}`, ['address', 'why'], idle.map(({ address, why }) => [asCode(address), asCode(why)])),
    longTable(`Refused to a program: ${countOf(visits, 'refused')}`, ['address', 'answer', 'where'], visits.filter(({ outcome }) => outcome === 'refused').map(row), { open: 0, most: 120 }),
    longTable(`Moved for good: ${countOf(visits, 'moved')}`, ['address', 'to', 'where'], visits.filter(({ outcome }) => outcome === 'moved').map(row), { open: 0, most: 120 }),
  ].filter(Boolean).join('\n\n') + '\n';
}

function countOf(visits: readonly Visit[], outcome: Visit['outcome']): number {
  return visits.filter((visit) => visit.outcome === outcome).length;
}
