/**
 * Makes the three fonts of the site and their sheet from the @fontsource packages: `node scripts/subset-fonts.ts`.
 * Run it again after changing a face, a weight or the characters, and commit what it writes to src/styles/fonts/.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openSync } from 'fontkit';
import type { Font } from 'fontkit';
import subsetFont from 'subset-font';

const target = 'src/styles/fonts';
const budgetBytes = 40_000;
/** Printable ASCII, typographer's marks, and the accented letters that names in the bibliography need most. */
const characters = [
  ...Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCodePoint(0x20 + index)),
  ...'\u00a0–—‘’“”…·−×↑↓°§•½±äöüßéèáóíçñøåÖÄÜÉ',
].join('');

/** Widths of `sample` in the Liberation faces, which have the metrics of Arial and Times; em a character. */
const arial = { names: ['Arial', 'Liberation Sans', 'Helvetica'], regular: 0.45529, bold: 0.48803 };
const times = { names: ['Times New Roman', 'Liberation Serif', 'Times'], regular: 0.40642, bold: 0.43043 };
const sample = 'the client retries because no answer came in time, and the service does the same work again; who has to know? ';

const plex = { package: 'ibm-plex-sans', family: 'IBM Plex Sans', like: arial };
const serif = { package: 'source-serif-4', family: 'Source Serif 4', like: times };
const faces = [
  { ...plex, weight: 400, covers: '400' },
  { ...plex, weight: 600, covers: '600 700' },
  { ...serif, weight: 500, covers: '400 700' },
];

mkdirSync(target, { recursive: true });
const rules: string[] = [];
let total = 0;
for (const face of faces) {
  const file = `node_modules/@fontsource/${face.package}/files/${face.package}-latin-${face.weight}-normal.woff2`;
  // Ligatures and fractions would bring 3 KB of glyphs a face; kerning stays.
  const subset = await subsetFont(readFileSync(file), characters, { targetFormat: 'woff2', noLayoutClosure: true });
  const name = `${face.package}-${face.weight}.woff2`;
  writeFileSync(`${target}/${name}`, subset);
  copyFileSync(`node_modules/@fontsource/${face.package}/LICENSE`, `${target}/${face.package}.LICENSE.txt`);
  total += subset.length;
  console.log(`${name} ${subset.length} bytes`);
  rules.push(ownFace(face, name), fallbackFace(face, openSync(file)));
}
if (total > budgetBytes) throw new Error(`The fonts weigh ${total} bytes; expected at most ${budgetBytes}. Take characters or a weight away.`);
console.log(`together ${total} of ${budgetBytes} bytes`);
writeFileSync(`${target}/fonts.css`, `/* Written by scripts/subset-fonts.ts. */\n${rules.join('\n')}\n`);

type Face = (typeof faces)[number];

/** `optional`: a face that comes late waits for the next page, so that no line ever breaks anew. */
function ownFace({ family, covers }: Face, name: string): string {
  return `@font-face {
  font-family: '${family} Subset';
  font-weight: ${covers};
  font-display: optional;
  src: url('./${name}') format('woff2');
}`;
}

/** The system's face, stretched to the same width and given the same line box. */
function fallbackFace({ family, covers, weight, like }: Face, font: Font): string {
  const adjust = averageWidth(font) / (weight >= 600 ? like.bold : like.regular);
  const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;
  return `@font-face {
  font-family: '${family} Fallback';
  font-weight: ${covers};
  src: ${like.names.map((each) => `local('${each}${weight >= 600 ? ' Bold' : ''}')`).join(', ')};
  size-adjust: ${percent(adjust)};
  ascent-override: ${percent(font.ascent / font.unitsPerEm / adjust)};
  descent-override: ${percent(-font.descent / font.unitsPerEm / adjust)};
  line-gap-override: 0%;
}`;
}

/** In em a character. */
function averageWidth(font: Font): number {
  return font.layout(sample).advanceWidth / font.unitsPerEm / sample.length;
}
