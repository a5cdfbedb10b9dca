/** Boxes, text and drawings as satori takes them: each box is a row unless it says otherwise. */
export interface Part { type: string; props: Record<string, unknown> }

type Style = Record<string, string | number>;

export function box(style: Style, ...children: Part[]): Part {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children } };
}

export function text(words: string, style: Style): Part {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children: words } };
}

export function glyphImage(svg: string, colour: string, size: number): Part {
  const coloured = svg.replaceAll('currentColor', colour).replace('<svg ', `<svg width="${size}" height="${size}" `);
  return { type: 'img', props: { src: `data:image/svg+xml;base64,${Buffer.from(coloured).toString('base64')}`, width: size, height: size } };
}

const plateWidth = 376;
export const plateHeight = 502;
const cell = 47;

/** A sheet of the atlas with its lines, and one to four glyphs on it. */
export function plate(glyphs: readonly { svg: string; colour: string }[], colour: (name: string) => string): Part {
  const size = glyphs.length === 1 ? 282 : glyphs.length <= 4 ? 141 : 118;
  return box({ position: 'relative', width: plateWidth, height: plateHeight, alignItems: 'center', justifyContent: 'center', backgroundColor: colour('--surface'), border: `2px solid ${colour('--hairline')}`, borderRadius: 16, overflow: 'hidden' },
    { type: 'img', props: { src: `data:image/svg+xml;base64,${Buffer.from(graticule(colour('--hairline'))).toString('base64')}`, width: plateWidth, height: plateHeight, style: { position: 'absolute', top: -2, left: -2 } } },
    box({ position: 'relative', flexWrap: 'wrap', width: glyphs.length < 3 ? size : 2 * size + cell, justifyContent: 'center', gap: cell }, ...glyphs.map(({ svg, colour: own }) => glyphImage(thin(svg, size), own, size))),
  );
}

/** Drawn for 48 pixels: at this size the same strokes would shout. */
function thin(svg: string, size: number): string {
  return svg.replace(/stroke-width="([\d.]+)"/, (_, width: string) => `stroke-width="${Math.round(Number(width) * (size > 200 ? 0.62 : 0.82) * 100) / 100}"`);
}

function graticule(colour: string): string {
  const down = Array.from({ length: Math.floor(plateWidth / cell) }, (_, index) => `M${index * cell} 0V${plateHeight}`).join('');
  const across = Array.from({ length: Math.floor(plateHeight / cell) + 1 }, (_, index) => `M0 ${index * cell + 16}H${plateWidth}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${plateWidth}" height="${plateHeight}" viewBox="0 0 ${plateWidth} ${plateHeight}"><path d="${down}${across}" fill="none" stroke="${colour}" stroke-opacity=".55"/></svg>`;
}
