/** Where the stations of a scene stand: a column for each step of the way, what shares a step one below the other. */
import type { Described } from './figure-words.ts';
import type { Flow, Station } from './scenario.ts';

export interface Placed { station: Station; /** Middle of the symbol, 0 to 100 across. */ x: number; y: number; /** It shares its column. */ isSmall: boolean }
export interface Link { flow: Flow; from: Placed; to: Placed }
export interface Layout { places: Placed[]; links: Link[]; height: number; columns: number }

/** Symbol, and three lines under it. */
const slotPx = 88;
export const linePx = 13;
/** Of those that share a column. */
const smallSlotPx = 48;
export const symbolPx = 36;
const firstPx = 24;

export function layoutOf(described: Described, variant: string): Layout {
  const { stations = [] } = described;
  const present = stations.filter(({ only }) => only === undefined || only.includes(variant));
  const columnOf = columns(stations, described.flows ?? []);
  // Columns are those of all variants, so that the same station stands at the same place in each row.
  const count = Math.max(0, ...columnOf.values()) + 1;
  const slot = slotPx + linePx * (Math.max(1, ...stations.map(linesOf)) - 3);
  const height = firstPx + Math.max(slot, tallest(columnOf) * smallSlotPx);
  const places = stations.flatMap((station): Placed[] => {
    const column = columnOf.get(station.id) ?? 0;
    const sharing = stations.filter(({ id }) => columnOf.get(id) === column);
    if (!present.includes(station)) return [];
    const isSmall = sharing.length > 1;
    const y = isSmall ? (height - firstPx - sharing.length * smallSlotPx) / 2 + sharing.indexOf(station) * smallSlotPx + 12 : (height - firstPx - slot) / 2 + symbolPx / 2;
    return [{ station, x: (column + 0.5) / count * 100, y: firstPx + y, isSmall }];
  });
  const at = new Map(places.map((place) => [place.station.id, place]));
  return { places, links: flowsOf(described.flows ?? [], new Set(at.keys())).flatMap((flow) => {
    const [from, to] = [at.get(flow.from), at.get(flow.to)];
    return from === undefined || to === undefined ? [] : [{ flow, from, to }];
  }), height, columns: count };
}

/** At most two lines, broken at a space, or at a soft hyphen in a long word. */
export function wrapped(text: string): string[] {
  const [start = '', rest] = text.split('\u00ad');
  if (rest !== undefined) return [`${start}-`, rest];
  if (text.length <= 11 || !text.includes(' ')) return [text];
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  const middle = spaces.reduce((best, at) => (Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best));
  return [text.slice(0, middle), text.slice(middle + 1)];
}

/** A state may take two. */
function linesOf({ label, fill, lane }: Station): number {
  return wrapped(label).length + (fill === undefined ? 0 : 1) + (lane === undefined ? 0 : 2);
}

/** A station that a variant lacks is stepped over. */
function flowsOf(flows: readonly Flow[], present: ReadonlySet<string>): Flow[] {
  return flows.flatMap((flow): Flow[] => {
    if (!present.has(flow.to)) return [];
    if (present.has(flow.from)) return [flow];
    return flows.filter(({ to, from }) => to === flow.from && present.has(from)).map(({ from }) => ({ ...flow, from }));
  });
}

function columns(stations: readonly Station[], flows: readonly Flow[]): Map<string, number> {
  const column = new Map<string, number>();
  stations.forEach(({ id }, at) => {
    const before = flows.filter(({ from, to }) => to === id && stations.findIndex((station) => station.id === from) < at).map(({ from }) => column.get(from) ?? 0);
    column.set(id, before.length === 0 ? 0 : Math.max(...before) + 1);
  });
  return column;
}

function tallest(columnOf: ReadonlyMap<string, number>): number {
  const counts = new Map<number, number>();
  for (const column of columnOf.values()) counts.set(column, (counts.get(column) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}
