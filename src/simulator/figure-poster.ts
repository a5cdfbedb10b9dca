/** The moment at which a picture tells most: where the variants differ most, while something goes wrong around them. */
import type { Shown } from './figure-charts.ts';
import { curvesOf, largest } from './figure-curves.ts';
import { surroundings } from './figure-words.ts';

const bins = 40;
/** A smaller difference, as a share of all that there is, is no sight. */
const leastShare = 0.2;

export function posterMs({ described, outcome }: Shown): number {
  const { durationMs, frameMs } = described;
  const trouble = surroundings(described, outcome);
  const [first] = trouble;
  const middle = first === undefined ? durationMs / 2 : Math.round((first.fromMs + first.untilMs) / 2 / frameMs) * frameMs;
  const chart = described.charts.find(({ kind }) => kind !== 'lane');
  if (chart === undefined || chart.kind === 'lane') return middle;
  // A sum differs most at the end, when nothing happens any more; what is added to it tells when it happens.
  const { curves, framesPerBin } = curvesOf(described, outcome, chart.kind === 'sum' ? { ...chart, kind: 'rate' } : chart, bins);
  const binMs = framesPerBin * frameMs;
  const gaps = (curves[0]?.values ?? []).map((_, bin) => {
    const isCalm = first !== undefined && !trouble.some(({ fromMs, untilMs }) => fromMs < (bin + 1) * binMs && untilMs > bin * binMs);
    const values = curves.map(({ values: own }) => own[bin] || 0);
    return isCalm ? 0 : Math.max(...values) - Math.min(...values);
  });
  const most = Math.max(...gaps);
  if (most < leastShare * largest(curves.flatMap(({ values }) => values))) return middle;
  return Math.min(durationMs, (gaps.indexOf(most) + 1) * binMs);
}
