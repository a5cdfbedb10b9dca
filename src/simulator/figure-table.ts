/** The data of the charts as tables of three columns or so: they fit a phone. */
import { curvesOf } from './figure-curves.ts';
import { inOrder } from './figure-charts.ts';
import type { Shown } from './figure-charts.ts';
import { clock, escaped, said } from './figure-words.ts';

export interface Table { caption: string; head: readonly string[]; rows: readonly (readonly string[])[] }

/** @param rows at most so many points of time */
export function tablesOf({ described, outcome }: Shown, rows: number): Table[] {
  return inOrder(described).map((chart) => {
    if (chart.kind === 'lane') {
      const lines = described.variants.flatMap(({ id, label }) => (outcome[id]?.lanes[chart.lane] ?? []).map(({ fromMs, state }) => [clock(fromMs, { ...described, frameMs: 100 }), label, state]));
      return { caption: chart.title, head: ['From', '', 'State'], rows: lines };
    }
    const { curves, framesPerBin } = curvesOf(described, outcome, chart, rows);
    const times = curves[0]?.values.map((_, bin) => clock(Math.min(described.durationMs, (bin + 1) * framesPerBin * described.frameMs), described)) ?? [];
    return { caption: chart.title, head: ['Until', ...curves.map(({ label }) => label)], rows: times.map((time, bin) => [time, ...curves.map(({ values }) => said(chart, values[bin] ?? 0))]) };
  });
}

export function tablesHtml(shown: Shown, rows: number): string {
  return tablesOf(shown, rows).map(tableHtml).join('');
}

function tableHtml({ caption, head, rows }: Table): string {
  const cells = (row: readonly string[]): string => row.map((cell, at) => (at === 0 ? `<th scope="row">${escaped(cell)}</th>` : `<td>${escaped(cell)}</td>`)).join('');
  return `<table><caption>${escaped(caption)}</caption><thead><tr>${head.map((cell) => (cell === '' ? '<td></td>' : `<th scope="col">${escaped(cell)}</th>`)).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table>`;
}
