import { describe, expect, test } from 'vitest';
import { chartsHtml, headSvg } from './figure-charts.ts';
import { curvesOf, heightAt, pathOf, ticks } from './figure-curves.ts';
import { dotsOf } from './figure-dots.ts';
import { placeLabels } from './figure-labels.ts';
import { layoutOf, wrapped } from './figure-layout.ts';
import { posterMs } from './figure-poster.ts';
import { sceneSvg } from './figure-scene.ts';
import { tablesHtml } from './figure-table.ts';
import { clock, comparison, escaped, said, surroundings } from './figure-words.ts';
import type { Described } from './figure-words.ts';
import type { Recording } from './recorder.ts';

const described: Described = {
  title: 'A <test>', durationMs: 4_000, frameMs: 1_000, parameters: {},
  variants: [{ id: 'off', label: 'no gate' }, { id: 'on', label: 'gate' }],
  charts: [{ kind: 'rate', series: 'asked', title: 'Asked' }, { kind: 'sum', series: 'asked', title: 'In all' }, { kind: 'level', series: 'busy', title: 'Busy', unit: 'workers', most: { value: 4 } }, { kind: 'lane', lane: 'gate', title: 'Gate', tones: { shut: 'bad', open: 'good' } }],
  stations: [{ id: 'shop', label: 'Shop', shape: 'client' }, { id: 'gate', label: 'Gate', shape: 'gate', lane: 'gate', only: ['on'] }, { id: 'orders', label: 'Orders', shape: 'service', lane: 'network', fill: { series: 'busy', most: { value: 4 } } }],
  flows: [{ from: 'shop', to: 'gate', series: 'asked' }, { from: 'gate', to: 'orders', series: 'asked', failing: 'lost' }],
  measure: { total: 'asked', label: 'pages asked for', better: 'more' }, tries: [],
};
const network = [{ fromMs: 0, untilMs: 1_000, state: 'well' }, { fromMs: 1_000, untilMs: 3_000, state: '<slow>' }, { fromMs: 3_000, untilMs: 4_000, state: 'well' }];
const recording = (asked: number[], busy: number[], own: Recording['lanes'] = {}): Recording => ({ frameMs: 1_000, frames: { asked, busy, lost: [0, 0, 2, 0] }, totals: { asked: asked.reduce((sum, each) => sum + each, 0) }, samples: {}, lanes: { network, ...own } });
const outcome = { off: recording([4, 2, 2, 4], [1, 4, 4, 1]), on: recording([4, 4, 8, 4], [1, 1, 1, 1], { gate: [{ fromMs: 0, untilMs: 2_000, state: 'open' }, { fromMs: 2_000, untilMs: 4_000, state: 'shut' }] }) };
const shown = { described, outcome, settings: {} };
const [rate, sum, level] = described.charts;

describe('curves', () => {
  test('a rate is per second, a sum goes on, a level is the last of its bin', () => {
    const values = (chart: typeof rate): number[][] => (chart === undefined || chart.kind === 'lane' ? [] : curvesOf(described, outcome, chart, 2).curves.map((curve) => curve.values));
    expect(values(rate)).toEqual([[3, 3], [4, 6]]);
    expect(values(sum)).toEqual([[6, 12], [8, 20]]);
    expect(values(level)).toEqual([[4, 1], [1, 1]]);
  });

  test('a path says only what changes, and is read between its points', () => {
    expect(pathOf([5, 5, 5, 2, 4])).toBe('M1 5h2l1-3l1 2');
    expect(heightAt([5, 5, 1], 2.5)).toBe(3);
    expect([heightAt([5, 1], -3), heightAt([5, 1], 9)]).toEqual([5, 1]);
  });

  test('where nothing was measured a curve has a gap, and a point between two gaps is a dash', () => {
    const chart = { kind: 'duration', series: 'took', title: 'Took' } as const;
    const [own] = curvesOf(described, { off: { ...recording([], []), frames: { 'took.p99': [30, 0, 0, 40] }, samples: { took: [2, 0, 1, 1] } } }, chart).curves;
    expect(own?.values).toEqual([30, Number.NaN, 0, 40]);
    expect(pathOf([5, Number.NaN, 7, 7, 3])).toBe('M1 5h-.5M3 7h1l1-4');
    expect([heightAt([5, Number.NaN], 1.5), heightAt([5, Number.NaN], 2.5)]).toEqual([5, Number.NaN]);
    expect(said(chart, 1_250)).toBe('1.3 s');
    expect(said(chart, Number.NaN)).toBe('–');
  });

  test('the smaller ones stand two by two, and what is left over has a row for itself', () => {
    const [large, lane] = [described.charts[0], described.charts[3]];
    const wide = (small: number): (string | undefined)[] => [...chartsHtml({ ...shown, described: { ...described, charts: [large, ...Array<typeof large>(small).fill(described.charts[2]), lane].filter((chart) => chart !== undefined) } }, 600).matchAll(/sim-chart( sim-wide)?/g)].map(([, word]) => word?.trim());
    expect(wide(1)).toEqual(['sim-wide', 'sim-wide', 'sim-wide']);
    expect(wide(2)).toEqual(['sim-wide', 'sim-wide', undefined, undefined]);
    expect(wide(3)).toEqual(['sim-wide', 'sim-wide', undefined, undefined, 'sim-wide']);
  });

  test('what stands beside the line of time stays within the chart', () => {
    const beside = (atMs: number, widthPx: number): string => headSvg(shown, described.charts, 0, atMs, widthPx);
    expect(beside(0, 600)).toContain('dx="7"');
    expect(beside(4_000, 600)).toContain('text-anchor="end"');
    expect(beside(2_000, 60)).toMatch(/dx="-\d+" y/);
  });

  test('at the end of a frame the mark stands where its number says', () => {
    const head = headSvg(shown, described.charts, 0, 3_000, 600);
    const heights = [...head.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    const numbers = [...head.matchAll(/gate (\d+)</g)].map(([, number]) => Number(number));
    expect(numbers).toEqual([2, 8]);
    expect(heights).toEqual(numbers.map((number) => Math.round(18 + 130 - number / 10 * 130)));
  });

  test('where labels have no room of their own, one names all that is in the same state', () => {
    const lane = (fromMs: number): Recording['lanes'][string] => [{ fromMs: 0, untilMs: fromMs, state: 'up' }, { fromMs, untilMs: fromMs + 500, state: 'down' }];
    const lanes = (times: Record<string, number>): typeof shown => {
      const own = { ...recording([1, 1, 1, 1], []), lanes: Object.fromEntries(Object.entries(times).map(([name, fromMs]) => [name, lane(fromMs)])) };
      return { ...shown, outcome: { off: own, on: own } };
    };
    const labels = (times: Record<string, number>): (string | undefined)[] => [...chartsHtml(lanes(times), 600, described.charts.slice(0, 1)).matchAll(/y="12">([^<]*)</g)].map(([, text]) => text);
    expect(labels({ payments: 1_000, orders: 0 })).toEqual(['Orders, Payments: down']);
    expect(labels({ orders: 0, payments: 3_000 })).toEqual(['Orders: down', 'Payments: down']);
  });

  test('ticks are round and reach the top', () => {
    expect(ticks(39, 3)).toEqual([0, 20, 40]);
    expect(ticks(0, 3)).toEqual([0, 1]);
    for (const most of [0.3, 1, 7, 20, 99, 1234]) expect(ticks(most, 3).at(-1), String(most)).toBeGreaterThanOrEqual(most);
  });

  test('names keep away from other curves and from each other', () => {
    const flat = (y: number): number[] => Array.from({ length: 40 }, () => y);
    const [upper, lower] = placeLabels([{ label: 'upper', ys: flat(30) }, { label: 'lower', ys: flat(60) }], 100, 400);
    expect(Math.abs((upper?.y ?? 0) - (lower?.y ?? 0))).toBeGreaterThan(13);
    for (const place of [upper, lower]) for (const y of [30, 60]) expect(place !== undefined && y > place.y - 11 && y < place.y + 3).toBe(false);
  });
});

describe('a scene', () => {
  test('breaks a long name once, at the space nearest to its middle or at a soft hyphen', () => {
    expect(wrapped('Orders')).toEqual(['Orders']);
    expect(wrapped('Three kinds of services')).toEqual(['Three kinds', 'of services']);
    expect(wrapped('Recommen\u00addations')).toEqual(['Recommen-', 'dations']);
  });

  test('keeps every station in its place, and steps over the one that a variant lacks', () => {
    const [off, on] = [layoutOf(described, 'off'), layoutOf(described, 'on')];
    expect(off.links.map(({ from, to }) => [from.station.id, to.station.id])).toEqual([['shop', 'orders']]);
    expect(on.links.map(({ from, to }) => [from.station.id, to.station.id])).toEqual([['shop', 'gate'], ['gate', 'orders']]);
    for (const { station, x } of off.places) expect(on.places.find((place) => place.station.id === station.id)?.x).toBe(x);
  });

  test('stations that share a step stand below each other', () => {
    const fan = { ...described, stations: ['a', 'b', 'c'].map((id) => ({ id, label: id, shape: 'service' as const })), flows: [{ from: 'a', to: 'b', series: 'x' }, { from: 'a', to: 'c', series: 'x' }] };
    const [, b, c] = layoutOf(fan, 'on').places;
    expect(b?.x).toBe(c?.x);
    expect(c?.y).toBeGreaterThan(b?.y ?? Infinity);
  });

  test('says what stands where at a time, and marks what is full', () => {
    expect(sceneSvg(shown, 'off', 2_000)).toContain('no gate at 2 s: Shop; Orders 4 of 4 &lt;slow>.');
    expect(sceneSvg(shown, 'on', 3_500)).toContain('Gate shut; Orders 1 of 4 well.');
    expect(sceneSvg(shown, 'off', 2_000).match(/sim-cell sim-busy/g)).toHaveLength(4);
  });

  test('dots follow from the time alone; what fails turns into a cross', () => {
    const dots = dotsOf(described, outcome);
    expect(dots('on', 2_500)).toBe(dots('on', 2_500));
    const all = Array.from({ length: 400 }, (_, at) => dots('on', at * 10)).join('');
    expect(all).toContain('sim-dot');
    expect(all).toContain('sim-cross');
    expect(dots('on', 0)).toBe('');
  });
});

describe('words', () => {
  test('what goes on around the pattern is what is the same for all', () => {
    const broken = { ...described, stations: [{ id: 'orders', label: 'Or\u00adders', shape: 'service' as const, lane: 'network' }], flows: [] };
    expect(surroundings(broken, outcome)[0]?.name).toBe('Orders');
    expect(sceneSvg({ ...shown, described: broken }, 'on', 500)).toContain('at 1 s: Orders well.');
    expect(surroundings(described, outcome)).toEqual([{ name: 'Orders', state: '<slow>', fromMs: 1_000, untilMs: 3_000 }]);
    expect(posterMs(shown)).toBe(3_000);
  });

  test('help, harm and neither', () => {
    expect(comparison(described, outcome)).toBe('Pages asked for: gate 20, no gate 12. The pattern helps: 8 more.');
    expect(comparison({ ...described, measure: { ...described.measure, better: 'less' } }, outcome)).toContain('Here the pattern hurts: 8 more.');
    expect(comparison(described, { off: outcome.on, on: outcome.on })).toContain('makes no difference');
  });

  test('time is told as fine as the frames', () => {
    expect(clock(12_500, { durationMs: 40_000, frameMs: 500 })).toBe('12.5 s');
    expect(clock(90_000, { durationMs: 1_200_000, frameMs: 60_000 })).toBe('2 min');
  });

  test('nothing that a scenario says becomes markup', () => {
    expect(escaped('<b a="x">&')).toBe('&lt;b a=&quot;x&quot;>&amp;');
    const all = [chartsHtml(shown, 600), tablesHtml(shown, 4), sceneSvg(shown, 'on', 1_500), ...described.charts.map((_, place) => headSvg(shown, described.charts, place, 1_500, 600))].join('');
    expect(all).not.toContain('<slow>');
    expect(all).toContain('&lt;slow>');
  });
});
