/** The moment at which a picture tells most: where the variants differ most, while something goes wrong around them. */
import type { Shown } from './figure-charts.ts';
import { curvesOf } from './figure-curves.ts';
import { surroundings } from './figure-words.ts';

export function posterMs({ described, outcome }: Shown): number {
  const chart = described.charts.find(({ kind }) => kind !== 'lane');
  if (chart === undefined || chart.kind === 'lane') return described.durationMs / 2;
  const { curves, framesPerBin } = curvesOf(described, outcome, chart, 40);
  const [first, last] = [curves[0]?.values ?? [], curves.at(-1)?.values ?? []];
  const trouble = surroundings(described, outcome);
  const binMs = framesPerBin * described.frameMs;
  const gaps = first.map((value, bin) => {
    const isCalm = trouble.length > 0 && !trouble.some(({ fromMs, untilMs }) => fromMs < (bin + 1) * binMs && untilMs > bin * binMs);
    return isCalm ? -1 : Math.abs(value - (last[bin] ?? 0));
  });
  return Math.min(described.durationMs, (gaps.indexOf(Math.max(...gaps)) + 1) * binMs);
}
