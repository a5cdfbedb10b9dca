import { createRequire } from 'node:module';
import { openSync, type Font } from 'fontkit';
import { rounded } from './svg-elements.ts';

/** Weights that the site serves; anything else is measured as the nearer of the two. */
export type Weight = 400 | 600;

/** Widths and heights of text as Chromium lays it out with the site's text face. */
export class FontMetrics {
  readonly #fonts: Record<Weight, Font>;
  readonly #widths = new Map<string, number>();

  constructor() {
    const require = createRequire(import.meta.url);
    const open = (weight: Weight): Font =>
      openSync(require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`));
    this.#fonts = { 400: open(400), 600: open(600) };
  }

  width(text: string, size: number, weight: number = 400): number {
    const width = this.#emWidth(text, servedWeight(weight)) * size;
    // Chromium rounds text up to 1/64 px; the tiny term keeps an exact multiple from being rounded again.
    return width === 0 ? 0 : Math.ceil(width * 64 - 1e-6) / 64;
  }

  /** The text as SVG path data, its baseline beginning at x, y. @throws where the face has no glyph: nothing else may stand in for it */
  outline(text: string, size: number, weight: number, x: number, y: number): string {
    const font = this.#fonts[servedWeight(weight)];
    const scale = size / font.unitsPerEm;
    const shown = [...text].filter((character) => !isInvisible(character.codePointAt(0) ?? 0)).join('');
    const missing = [...shown].find((character) => !font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
    if (missing !== undefined) throw new Error(`"${text}" has "${missing}", which the face of the diagrams does not have; write it in Latin letters`);
    let at = x;
    const { glyphs, positions } = font.layout(shown);
    return glyphs.map((glyph, index) => {
      const d = glyph.path.transform(scale, 0, 0, -scale, at, y).toSVG();
      at += (positions[index]?.xAdvance ?? 0) * scale;
      return d.replaceAll(/-?\d+\.\d{3,}/g, (number) => String(rounded(Number(number))));
    }).join('');
  }

  ascent(size: number): number {
    const font = this.#fonts[400];
    return Math.round((font.ascent / font.unitsPerEm) * size);
  }

  descent(size: number): number {
    const font = this.#fonts[400];
    return Math.round((-font.descent / font.unitsPerEm) * size);
  }

  #emWidth(text: string, weight: Weight): number {
    const key = `${weight}:${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const font = this.#fonts[weight];
    let total = 0;
    let run = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (isInvisible(codePoint)) continue;
      if (font.hasGlyphForCodePoint(codePoint)) {
        run += character;
        continue;
      }
      total += runWidth(font, run) + fallbackWidth(codePoint);
      run = '';
    }
    total += runWidth(font, run);
    this.#widths.set(key, total);
    return total;
  }
}

export function servedWeight(weight: number): Weight {
  return weight >= 550 ? 600 : 400;
}

function runWidth(font: Font, run: string): number {
  return run === '' ? 0 : font.layout(run).advanceWidth / font.unitsPerEm;
}

/** Zero-width space and joiners, and the emoji variation selector. */
function isInvisible(codePoint: number): boolean {
  return (codePoint >= 0x200b && codePoint <= 0x200d) || codePoint === 0xfe0f;
}

/** Width in em of a glyph that the reader's own fonts will supply: wide on purpose, so that boxes still hold it. */
function fallbackWidth(codePoint: number): number {
  const isArrow = codePoint >= 0x2190 && codePoint <= 0x21ff;
  const isIdeographOrEmoji = codePoint > 0x2e7f;
  return isArrow || isIdeographOrEmoji ? 1 : 0.6;
}
