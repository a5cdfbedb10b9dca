/** What a link to a page looks like in a chat: kicker, title, what it answers, and the glyph on a plate of the atlas. */
import satori from 'satori';
import { box, glyphImage, plate, plateHeight, text } from './preview-parts.ts';
import { paint } from './paint.ts';
import type { Tokens } from './paint.ts';
import { pictureFonts } from './fonts.ts';

export const previewWidth = 1200;
export const previewHeight = 630;

export interface Preview {
  /** What kind of page it is. */
  kicker: string;
  title: string;
  /** Under the title, with a word in front of it. */
  line?: { label: string; text: string } | undefined;
  /** Name of a token, such as `--cat-data`. */
  accent: string;
  /** SVG text in `currentColor`; several share the plate, and without any it shows the mark of the site. */
  glyphs: readonly { svg: string; accent: string }[];
}

/** An SVG of paths alone, so that it looks the same wherever it is drawn. */
export async function previewSvg({ kicker, title, line, accent, glyphs }: Preview, tokens: Tokens): Promise<string> {
  const colour = (name: string): string => paint(`var(${name})`, tokens);
  const mark = glyphImage(siteMark, colour('--ink'), 44);
  const tree = box({ width: previewWidth, height: previewHeight, padding: 64, backgroundColor: colour('--paper'), color: colour('--ink'), fontFamily: 'IBM Plex Sans' },
    box({ flexDirection: 'column', justifyContent: 'space-between', width: columnWidth, height: plateHeight, marginRight: 56 },
      box({ alignItems: 'center' }, mark, text('Pattern Atlas', { marginLeft: 16, fontFamily: 'Source Serif 4', fontSize: 32 })),
      box({ flexDirection: 'column' },
        text(kicker.toUpperCase(), { fontSize: 24, fontWeight: 600, letterSpacing: 1.6, color: colour(accent) }),
        text(title, { marginTop: 14, fontFamily: 'Source Serif 4', fontSize: titleSize(title, line?.text ?? ''), lineHeight: titleLeading, letterSpacing: -0.6, textWrap: 'balance' }),
      ),
      line === undefined ? box({ height: 40 }) : box({ flexDirection: 'column', paddingTop: 22, borderTop: `2px solid ${colour('--hairline')}` },
        text(line.label, { fontSize: 22, color: colour('--muted') }),
        text(line.text, { marginTop: 6, fontSize: lineSize, lineHeight: 1.25, textWrap: 'pretty' }),
      ),
    ),
    plate((glyphs.length === 0 ? [{ svg: siteMark, accent: '--ink' }] : glyphs).map(({ svg, accent: own }) => ({ svg, colour: colour(own) })), colour),
  );
  return satori(tree as Parameters<typeof satori>[0], {
    width: previewWidth,
    height: previewHeight,
    fonts: pictureFonts(),
    loadAdditionalAsset: async (code, segment) => { throw new Error(`"${segment}" (${code}) of "${title}" is in no font of the pictures; expected Latin letters`); },
  });
}

const columnWidth = 640;
const titleLeading = 1.08;
const lineSize = 30;
/** What the column has left for the title when the line below it takes one row. */
const titleRoom = 272;

/** The largest of five sizes that leaves room for the rest, by the width of a letter on average. */
function titleSize(title: string, line: string): number {
  const room = titleRoom - (rows(line, lineSize) - 1) * lineSize * 1.25;
  return [104, 84, 72, 62].find((size) => rows(title, size) * size * titleLeading <= room) ?? 54;
}

function rows(words: string, size: number): number {
  const fitting = columnWidth / (size * 0.53);
  let [count, used] = [1, 0];
  // A row may end behind a hyphen, too.
  for (const { length } of words.split(/ |(?<=-)/)) {
    if (length > fitting) return Infinity;
    if (used > 0 && used + 1 + length > fitting) [count, used] = [count + 1, 0];
    used += (used > 0 ? 1 : 0) + length;
  }
  return count;
}

const siteMark = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"><rect x="5" y="5" width="15" height="15" rx="4"/><rect x="28" y="5" width="15" height="15" rx="4"/><rect x="5" y="28" width="15" height="15" rx="4"/><circle cx="35.5" cy="35.5" r="7.5"/><path d="M20 12.5h8M12.5 20v8M20 35.5h8"/></svg>';
