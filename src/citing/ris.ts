/** A record for reference managers. The format has no escapes: a value is one line, and lines end as its specification asks. */
import { atlas, authors, language } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';

export function ris({ title, description, pinned, version, date }: CitedPage): string {
  const fields: [tag: string, value: string][] = [
    ['TY', 'ELEC'],
    ['TI', title],
    ['AU', authors],
    ['T2', atlas],
    ['ET', version],
    ['DA', date.replaceAll('-', '/')],
    ['PY', date.slice(0, 4)],
    ['LA', language],
    ['AB', description],
    ['UR', pinned],
    ['ER', ''],
  ];
  return fields.map(([tag, value]) => `${tag}  - ${value.replaceAll(/\s+/g, ' ').trim()}\r\n`).join('');
}
