/** Requests on their way: a dot stands for a fixed number of them, its place follows from the time alone. */
import { layoutOf } from './figure-layout.ts';
import type { Link } from './figure-layout.ts';
import type { Described } from './figure-words.ts';
import type { Outcome } from './run-scenario.ts';

interface Stream { link: Link; isFailing: boolean; startsMs: number[] }

/** Share of the whole run that a dot takes from one station to the next. */
const travel = 0.07;
/** So many dots are on the busiest link most of the time. */
const usualDots = 7;

/** @returns a function that draws the dots of a variant at a time */
export function dotsOf(described: Described, outcome: Outcome): (variant: string, atMs: number) => string {
  const travelMs = described.durationMs * travel;
  const layouts = new Map(described.variants.map(({ id }) => [id, layoutOf(described, id).links]));
  // One measure for all links and variants: where twice as much flows, twice as many dots are seen.
  const perDot = Math.max(1, ...described.variants.flatMap(({ id }) => (layouts.get(id) ?? []).map(({ flow }) => usual(outcome[id]?.frames[flow.series] ?? []) * travelMs / described.frameMs / usualDots)));
  const streams = new Map(described.variants.map(({ id }) => [id, (layouts.get(id) ?? []).flatMap((link): Stream[] => {
    const all = outcome[id]?.frames[link.flow.series] ?? [];
    const failing = outcome[id]?.frames[link.flow.failing ?? ''] ?? [];
    return [
      { link, isFailing: false, startsMs: starts(all.map((count, frame) => Math.max(0, count - (failing[frame] ?? 0))), perDot, described.frameMs) },
      { link, isFailing: true, startsMs: starts(failing, perDot, described.frameMs) },
    ];
  })]));
  return (variant, atMs) => (streams.get(variant) ?? []).flatMap(({ link: { from, to }, isFailing, startsMs }) => startsMs.filter((start) => start <= atMs && start > atMs - travelMs).map((start) => {
    const way = (atMs - start) / travelMs;
    // What fails comes back as a cross.
    const at = !isFailing ? way : way < 0.5 ? way * 2 : 2 - way * 2;
    const x = (from.x + (to.x - from.x) * at).toFixed(2);
    const y = from.y + (to.y - from.y) * at;
    return isFailing && way >= 0.5 ? `<svg x="${x}%" y="${y.toFixed(1)}"><path class="sim-cross" d="m-3.5-3.5 7 7m0-7-7 7"/></svg>` : `<circle class="sim-dot" cx="${x}%" cy="${y.toFixed(1)}" r="3.2"/>`;
  })).join('');
}

/** The count that four of five frames do not exceed. */
function usual(frames: readonly number[]): number {
  return frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.8)] ?? 0;
}

/** When the first half of a dot's requests has come, spread evenly over each frame. */
function starts(frames: readonly number[], perDot: number, frameMs: number): number[] {
  const found: number[] = [];
  let sum = 0;
  frames.forEach((count, frame) => {
    for (; (found.length + 0.5) * perDot <= sum + count; ) found.push((frame + ((found.length + 0.5) * perDot - sum) / count) * frameMs);
    sum += count;
  });
  return found;
}
