/** Puts the name of each curve where it touches no other curve and is nearest to its own. */

export interface Named { label: string; ys: readonly number[] }
/** Start of the text in bins, its baseline in pixels. */
export interface Place { x: number; y: number }

const letterPx = 6.4;
const linePx = 13;
const gapPx = 5;

export function placeLabels(curves: readonly Named[], heightPx: number, widthPx: number): Place[] {
  const taken: { from: number; to: number; top: number; bottom: number }[] = [];
  return curves.map(({ label, ys }, own) => {
    const bins = ys.length;
    const width = Math.min(bins - 1, Math.ceil((label.length * letterPx + 4) / widthPx * bins));
    let best: Place & { cost: number } = { x: 0, y: linePx, cost: Infinity };
    for (let x = 0; x + width < bins; x++) {
      const under = ys.slice(x, x + width + 1).filter((y) => !Number.isNaN(y));
      if (under.length === 0) continue;
      const high = Math.min(...under);
      const low = Math.max(...under);
      for (const y of [high - gapPx, low + linePx + gapPx - 3]) {
        const [top, bottom] = [y - linePx + 2, y + 3];
        if (top < -2 || bottom > heightPx) continue;
        let cost = low - high;
        curves.forEach((other, index) => {
          if (index === own) return;
          for (const each of other.ys.slice(x, x + width + 1)) {
            if (Number.isNaN(each)) continue;
            // Nearer to another curve than to its own, a name misleads.
            const distance = each < top ? top - each : each > bottom ? each - bottom : -1;
            cost += distance < 0 ? 60 : Math.max(0, 14 - distance) / 2;
          }
        });
        if (taken.some((box) => x <= box.to && x + width >= box.from && top < box.bottom && bottom > box.top)) cost += 500;
        if (cost < best.cost) best = { x, y, cost };
      }
    }
    taken.push({ from: best.x, to: best.x + width, top: best.y - linePx, bottom: best.y + 3 });
    return { x: best.x, y: best.y };
  });
}
