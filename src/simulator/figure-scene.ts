/** The scene of a variant at a time, from the primitives of the glyphs. Places are percentages across, so that it fits any width. */
import type { Shown } from './figure-charts.ts';
import { mostOf } from './figure-curves.ts';
import { layoutOf, linePx, symbolPx, wrapped } from './figure-layout.ts';
import type { Placed } from './figure-layout.ts';
import { amount, clock, escaped, stateAt, unbroken } from './figure-words.ts';
import type { Recording } from './recorder.ts';
import { roleOf } from './scenario.ts';

/** More cells than this are no longer counted at a glance. */
const mostCells = 30;
const half = symbolPx / 2;

/** @param dots drawn between the links and the symbols */
export function sceneSvg(shown: Shown, variant: string, atMs: number, dots = ''): string {
  const { described } = shown;
  const { places, links, height } = layoutOf(described, variant);
  const lines = links.map(({ from, to }) => `<line class="sim-link" x1="${from.x}%" x2="${to.x}%" y1="${from.y}" y2="${to.y}"/>`).join('');
  const now = places.map((place) => ({ place, ...conditionOf(shown, variant, place, atMs) }));
  const label = described.variants.find(({ id }) => id === variant)?.label ?? variant;
  const spoken = now.map(({ place, words }) => [unbroken(place.station.label), ...words].join(' ')).join('; ');
  const symbols = now.map(({ place, ...condition }) => symbolSvg(place, condition)).join('');
  return `<svg class="sim-scene" width="100%" height="${height}" role="img" aria-label="${escaped(`${label} at ${clock(atMs, described)}: ${spoken}.`)}"><text class="sim-name sim-${roleOf(described, variant)}" y="12">${escaped(label)}</text>${lines}<g class="sim-dots">${dots}</g>${symbols}</svg>`;
}

/** Height of the scene of each variant, and the width below which none stands beside another. */
export function sceneStyle({ described }: Pick<Shown, 'described'>): string {
  const { height, columns } = layoutOf(described, described.variants[0].id);
  const count = described.variants.length;
  const least = columns * (count > 2 ? 70 : 95);
  // All in one row or each in its own; of four, two and two will do.
  const whole = count === 4 ? '34%' : `min(100%, (${count * least}px - 100%) * 999)`;
  return `--scene:${height}px;--least:max(${least}px, ${whole})`;
}

interface Condition { words: string[]; tone: 'good' | 'bad' | 'between' | undefined; level: number; most: number; hasFill: boolean }

function conditionOf({ described, outcome, settings }: Shown, variant: string, { station, isSmall }: Placed, atMs: number): Condition {
  const recording = outcome[variant];
  const words: string[] = [];
  const most = mostOf(station.fill?.most, settings) ?? 0;
  const level = station.fill === undefined ? 0 : valueAt(recording, station.fill.series, atMs, described.frameMs);
  if (station.fill !== undefined) words.push(`${amount(level)} of ${amount(most)}`);
  // Workers and queues that are full are trouble; a full budget or store is not.
  const tone = ['service', 'queue'].includes(station.shape) && most > 0 && level >= most ? 'bad' as const : undefined;
  const state = station.lane === undefined ? undefined : stateAt(recording, station.lane, atMs);
  if (state === undefined) return { words, tone, level, most, hasFill: station.fill !== undefined };
  const lane = described.charts.find((chart) => chart.kind === 'lane' && chart.lane === station.lane);
  const usual = recording?.lanes[station.lane ?? '']?.[0]?.state;
  const ofLane = lane?.kind === 'lane' ? lane.tones[state] : state === usual ? 'good' : 'bad';
  // Where there is little room, only what is out of the ordinary.
  return { words: isSmall && state === usual ? words : [...words, state], tone: tone ?? ofLane, level, most, hasFill: station.fill !== undefined };
}

/** The value of the frame that has just ended. */
function valueAt(recording: Recording | undefined, series: string, atMs: number, frameMs: number): number {
  return atMs <= 0 ? 0 : recording?.frames[series]?.[Math.ceil(atMs / frameMs) - 1] ?? 0;
}

function symbolSvg({ station, x, y, isSmall }: Placed, { words, tone, level, most, hasFill }: Condition): string {
  const { shape, label } = station;
  const name = `sim-word sim-word-${tone ?? 'good'}`;
  const symbol = `<g class="sim-symbol sim-tone-${tone ?? 'good'}"${isSmall ? ' transform="scale(.62)"' : ''}>${outline(shape, tone)}${hasFill ? filling(shape, level, most) : ''}</g>`;
  const texts = isSmall
    // Beside the frame a longer line ends with the symbol.
    ? `<text text-anchor="${x > 70 && words.length > 0 ? 'end" x="30' : 'middle'}" y="25">${escaped(label)}${words.map((word) => ` <tspan class="${name}">${escaped(word)}</tspan>`).join('')}</text>`
    : [...wrapped(label).map((text) => ({ text, attribute: '' })), ...words.flatMap(wrapped).map((text) => ({ text, attribute: ` class="${name}"` }))].map(({ text, attribute }, at) => `<text${attribute} text-anchor="middle" y="${half + 14 + at * linePx}">${escaped(text)}</text>`).join('');
  return `<svg x="${x}%" y="${y}">${symbol}${texts}</svg>`;
}

function outline(shape: Placed['station']['shape'], tone: Condition['tone']): string {
  if (shape === 'client') return '<circle r="15"/>';
  if (shape === 'service') return '<rect x="-23" y="-18" width="46" height="36" rx="5"/>';
  if (shape === 'store') return '<path d="M-17-12v24c0 4 8 6 17 6s17-2 17-6v-24c0-4-8-6-17-6s-17 2-17 6c0 4 8 6 17 6s17-2 17-6"/>';
  if (shape === 'queue') return '<path d="M-20-12h40a5 12 0 0 1 0 24h-40a5 12 0 0 1 0-24"/>';
  // Two contacts and a lever, as in the glyph of the breaker: down lets through.
  const lever = tone === 'bad' ? 'M-13 0 8-17' : tone === 'between' ? 'M-13 0 11-8' : 'M-13 0h26';
  return `<path class="sim-gap" d="M-13 0h26"/><circle cx="-15" r="3.5"/><circle cx="15" r="3.5"/><path d="${lever}"${tone === 'between' ? ' stroke-dasharray="3 3"' : ''}/>`;
}

function filling(shape: Placed['station']['shape'], level: number, most: number): string {
  if (most <= 0) return '';
  if (shape === 'gate') return `<rect x="-12" y="7" width="24" height="6" rx="1"/><rect class="sim-busy" x="-12" y="7" width="${(24 * Math.min(1, level / most)).toFixed(1)}" height="6" rx="1"/>`;
  const [width, height] = shape === 'service' ? [40, 30] : shape === 'queue' ? [38, 18] : [28, 22];
  const cells = Math.round(most);
  if (shape === 'service' && cells <= mostCells) {
    const ideal = Math.sqrt(cells * width / height);
    // A full last row is seen to be full.
    const across = [Math.floor(ideal), Math.ceil(ideal), Math.ceil(ideal) + 1].find((each) => each > 0 && cells % each === 0) ?? Math.ceil(ideal);
    const down = Math.ceil(cells / across);
    const [w, h] = [width / across, height / down];
    return Array.from({ length: cells }, (_, at) => `<rect class="sim-cell${at < level ? ' sim-busy' : ''}" x="${(at % across * w - width / 2 + 0.75).toFixed(1)}" y="${(Math.floor(at / across) * h - height / 2 + 0.75).toFixed(1)}" width="${(w - 1.5).toFixed(1)}" height="${(h - 1.5).toFixed(1)}" rx="1"/>`).join('');
  }
  const share = Math.min(1, level / most);
  return shape === 'queue'
    ? `<rect class="sim-busy" x="${width / 2 - width * share}" y="${-height / 2}" width="${width * share}" height="${height}"/>`
    : `<rect class="sim-busy" x="${-width / 2}" y="${(height / 2 - height * share).toFixed(1)}" width="${width}" height="${(height * share).toFixed(1)}"/>`;
}
