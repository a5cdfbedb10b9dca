/**
 * Charts as SVG text. Positions along time are percentages and heights are pixels, so that a chart fits any width
 * without a script and its words keep their size.
 */
import { curvesOf, heightAt, heights, largest, mostOf, pathOf, ticks } from './figure-curves.ts';
import type { Curve, CurveChart } from './figure-curves.ts';
import { placeLabels } from './figure-labels.ts';
import { amount, clock, escaped, said, surroundings, unitOf } from './figure-words.ts';
import type { Described } from './figure-words.ts';
import type { Outcome } from './run-scenario.ts';
import type { Chart, Settings } from './scenario.ts';

export interface Shown { described: Described; outcome: Outcome; settings: Settings }

/** More points than this nobody sees. */
export const mostBins = 40;
const topPx = 18;
const axisPx = 18;
const laneRowPx = 22;
const letterPx = 6.2;

/** The first chart is the large one; lanes stand right under it, on the same time. */
export function inOrder({ charts }: Described): Chart[] {
  const [first, ...others] = charts;
  return first === undefined ? [] : [first, ...others.filter(({ kind }) => kind === 'lane'), ...others.filter(({ kind }) => kind !== 'lane')];
}

/** @param smallBins points of a curve in the smaller charts; a page that has to be light says less */
export function chartsHtml(shown: Shown, widthPx: number, charts = inOrder(shown.described), smallBins = mostBins): string {
  return charts.map((chart, at) => {
    const svg = chart.kind === 'lane' ? laneSvg(shown, chart, widthPx) : curveSvg(shown, chart, at, at === 0 ? mostBins : smallBins, chartPx(charts, at, widthPx));
    return `<figure class="sim-chart${isWide(charts, at) ? ' sim-wide' : ''}"><figcaption>${escaped(caption(shown, chart))}</figcaption>${svg}</figure>`;
  }).join('');
}

/** The smaller ones stand two by two; one that is left over has the row for itself. */
function isWide(charts: readonly Chart[], at: number): boolean {
  const firstSmall = charts.findIndex(({ kind }, index) => index > 0 && kind !== 'lane');
  return at === 0 || charts[at]?.kind === 'lane' || (at === charts.length - 1 && (charts.length - firstSmall) % 2 === 1);
}

/** @param widthPx of all charts */
function chartPx(charts: readonly Chart[], at: number, widthPx: number): number {
  return isWide(charts, at) || widthPx < 560 ? widthPx : widthPx / 2 - 20;
}

function plotPx(place: number): number {
  return place === 0 ? 130 : 84;
}

function curveSvg(shown: Shown, chart: CurveChart, place: number, bins: number, widthPx: number): string {
  const { described, outcome, settings } = shown;
  const height = plotPx(place);
  const { curves } = curvesOf(described, outcome, chart, bins);
  const most = chart.kind === 'level' ? mostOf(chart.most, settings) : undefined;
  const marks = scaleOf(shown, chart, curves);
  const top = marks.at(-1) ?? 1;
  const points = curves[0]?.values.length ?? 1;
  const drawn = curves.map((curve) => ({ ...curve, ys: heights(curve.values, top, height) }));
  const places = placeLabels(drawn, height, widthPx);
  // Dashes last: where curves run together, both are seen.
  const paths = drawn.toReversed().map(({ role, ys }) => `<path class="sim-${role}" d="${pathOf(ys)}"/>`).join('');
  const names = drawn.map(({ role, label }, at) => `<text class="sim-name sim-${role}" x="${percent((places[at]?.x ?? 0) + 1, points)}" y="${(places[at]?.y ?? 0) + topPx}">${escaped(label)}</text>`).join('');
  const grid = marks.map((mark) => {
    const y = topPx + Math.round(height - mark / top * height);
    return `<line class="sim-grid" x2="100%" y1="${y}" y2="${y}"/><text class="sim-tick" x="-4" y="${y + 4}">${tick(chart, mark, top)}</text>`;
  }).join('');
  const mostY = topPx + Math.round(height - (most ?? 0) / top * height);
  const limit = most === undefined || most > top ? '' : `<line class="sim-most" x2="100%" y1="${mostY}" y2="${mostY}"/>`;
  return `${opening(topPx + height + axisPx, chart.title)}${bands(shown, height, widthPx)}${grid}${limit}<svg y="${topPx}" width="100%" height="${height}" viewBox="0 0 ${points} ${height}" preserveAspectRatio="none">${paths}</svg><g></g>${names}${axis(described, topPx + height)}</svg>`;
}

function scaleOf({ settings }: Shown, chart: CurveChart, curves: readonly Curve[]): number[] {
  const most = chart.kind === 'level' ? mostOf(chart.most, settings) ?? 0 : 0;
  return ticks(largest(curves.flatMap(({ values }) => values), most), 3);
}

/** At most five letters: there is no room for more. */
function tick({ kind }: Chart, mark: number, top: number): string {
  if (kind === 'duration' && top >= 1_000) return amount(mark / 1_000);
  return mark < 10_000 ? amount(mark) : `${amount(mark / 1_000)}k`;
}

/** The title; of durations with the unit, for which there is no room at the scale. */
function caption(shown: Shown, chart: Chart): string {
  if (chart.kind !== 'duration') return chart.title;
  const top = scaleOf(shown, chart, curvesOf(shown.described, shown.outcome, chart).curves).at(-1) ?? 0;
  return `${chart.title}, in ${top < 1_000 ? 'ms' : 's'}`;
}

/** Room beside a chart, within the frame. */
const besidePx = 10;

/** A line at a time, with the name and the value of each curve beside it; what comes later is pale. @param widthPx of all charts */
export function headSvg(shown: Shown, charts: readonly Chart[], place: number, atMs: number, widthPx: number): string {
  const chart = charts[place];
  if (chart === undefined) return '';
  const { described, outcome } = shown;
  const x = percent(atMs, described.durationMs);
  const later = `<rect class="sim-later" x="${x}" y="${chart.kind === 'lane' ? 0 : topPx - 1}" width="${percent(described.durationMs - atMs, described.durationMs)}" height="`;
  const line = `<line class="sim-now" x1="${x}" x2="${x}" `;
  if (chart.kind === 'lane') {
    const height = rowsOf(shown, chart.lane).length * laneRowPx;
    return `${later}${height}"/>${line}y1="0" y2="${height}"/>`;
  }
  const height = plotPx(place);
  const { curves, framesPerBin } = curvesOf(described, outcome, chart, mostBins);
  const top = scaleOf(shown, chart, curves).at(-1) ?? 1;
  const at = atMs / (described.frameMs * framesPerBin);
  // Where a curve has no value, its name stands at the axis and says so.
  const points = curves.map(({ role, label, values }) => ({ role, text: `${label} ${said(chart, values[Math.max(0, Math.min(values.length, Math.ceil(at)) - 1)] ?? 0)}`, y: topPx + heightAt(heights(values, top, height), at) }));
  const apart = points.map(({ y }) => Math.max(topPx + 11, (Number.isNaN(y) ? topPx + height : y) + 4));
  const order = points.map((_, index) => index).sort((a, b) => (apart[a] ?? 0) - (apart[b] ?? 0));
  order.forEach((index, rank) => {
    const above = apart[order[rank - 1] ?? -1];
    if (above !== undefined) apart[index] = Math.max(apart[index] ?? 0, above + 13);
  });
  // Those that were pushed into the axis push back.
  order.toReversed().forEach((index, rank) => { apart[index] = Math.min(apart[index] ?? 0, topPx + height + 3 - rank * 13); });
  const plotWidthPx = chartPx(charts, place, widthPx);
  const xPx = atMs / described.durationMs * plotWidthPx;
  /** To the right of the line where there is room, else to the left, else as far as it fits. */
  const beside = (text: string): string => {
    const textPx = text.length * letterPx;
    if (xPx + 7 + textPx <= plotWidthPx + besidePx) return ' dx="7"';
    return xPx - 7 - textPx >= -besidePx ? ' dx="-7" text-anchor="end"' : ` dx="${Math.round(Math.max(0, plotWidthPx - textPx) - xPx)}"`;
  };
  return `${later}${height + 2}"/>${line}y1="${topPx}" y2="${topPx + height}"/>${points.map(({ role, text, y }, index) => `${Number.isNaN(y) ? '' : `<circle class="sim-${role}" cx="${x}" cy="${y.toFixed(1)}" r="3.5"/>`}<text class="sim-name sim-value sim-${role}" x="${x}"${beside(text)} y="${(apart[index] ?? 0).toFixed(0)}">${escaped(text)}</text>`).join('')}`;
}

function rowsOf({ described, outcome }: Shown, lane: string): { label: string; stretches: { fromMs: number; untilMs: number; state: string }[] }[] {
  const rows = described.variants.flatMap(({ id, label }) => {
    const stretches = outcome[id]?.lanes[lane];
    return stretches === undefined ? [] : [{ label, stretches }];
  });
  // What is the same for all is said once.
  const [first] = rows;
  return first !== undefined && rows.length > 1 && rows.every(({ stretches }) => JSON.stringify(stretches) === JSON.stringify(first.stretches)) ? [{ ...first, label: 'All' }] : rows;
}

function laneSvg(shown: Shown, chart: Extract<Chart, { kind: 'lane' }>, widthPx: number): string {
  const { durationMs } = shown.described;
  const rows = rowsOf(shown, chart.lane);
  const stretches = rows.flatMap(({ label, stretches: own }, row) => own.map((stretch) => ({ ...stretch, label, x: percent(stretch.fromMs, durationMs), y: row * laneRowPx, share: (stretch.untilMs - stretch.fromMs) / durationMs })));
  const bars = stretches.map(({ state, x, y, share }) => `<rect class="sim-${chart.tones[state] ?? 'between'}" x="${x}" y="${y}" width="${percent(share, 1)}" height="${laneRowPx - 3}"/>`).join('');
  const words = stretches.map(({ state, label, fromMs, x, y, share }) => {
    const whole = rows.length > 1 && fromMs === 0 ? `${label}: ${state}` : state;
    const fits = [whole, state].find((text) => share * widthPx > text.length * 6.4 + 10);
    return fits === undefined ? '' : `<text x="${x}" dx="5" y="${y + 14}">${escaped(fits)}</text>`;
  }).join('');
  const spoken = rows.map(({ label, stretches: own }) => `${label}: ${own.map(({ state, fromMs }) => `${state} from ${clock(fromMs, { ...shown.described, frameMs: 100 })}`).join(', ')}`).join('; ');
  return `${opening(rows.length * laneRowPx, `${chart.title}. ${spoken}.`, ' class="sim-lane"')}${bars}<g></g>${words}</svg>`;
}

function opening(height: number, label: string, name = ''): string {
  return `<svg${name} width="100%" height="${height}" role="img" aria-label="${escaped(label)}">`;
}

/** What happens around the pattern. Where there is no room for a label, the one before names it as well. */
function bands({ described, outcome }: Shown, height: number, widthPx: number): string {
  const { durationMs } = described;
  const around = surroundings(described, outcome).sort((one, other) => one.fromMs - other.fromMs);
  const labels: { names: string[]; state: string; fromMs: number }[] = [];
  for (const { name, state, fromMs } of around) {
    if (labels.some((label) => label.state === state && label.names.includes(name))) continue;
    const last = labels.at(-1);
    const endMs = last === undefined ? 0 : last.fromMs + durationMs * Math.max(0.3, (textOf(last).length + 2) * letterPx / widthPx);
    if (last === undefined || fromMs >= endMs) labels.push({ names: [name], state, fromMs });
    else if (last.state === state) last.names.push(name);
  }
  const rects = around.map(({ fromMs, untilMs }) => `<rect class="sim-band" x="${percent(fromMs, durationMs)}" y="${topPx}" width="${percent(untilMs - fromMs, durationMs)}" height="${height}"/>`).join('');
  return `${rects}${labels.map((label) => `<text x="${percent(label.fromMs, durationMs)}" y="12">${escaped(textOf(label))}</text>`).join('')}`;
}

function textOf({ names, state }: { names: readonly string[]; state: string }): string {
  return `${names.join(', ')}: ${state}`;
}

function axis(described: Described, y: number): string {
  const { unitMs } = unitOf(described);
  const marks = ticks(described.durationMs / unitMs, 4).map((mark) => mark * unitMs).filter((mark) => mark <= described.durationMs);
  return marks.map((mark, at) => `<text x="${percent(mark, described.durationMs)}" y="${y + 15}"${at === 0 ? '' : ` text-anchor="${mark === described.durationMs ? 'end' : 'middle'}"`}>${clock(mark, { ...described, frameMs: 1000 })}</text>`).join('');
}

function percent(part: number, whole: number): string {
  return `${Math.round(part / whole * 1000) / 10}%`;
}
