/** A drawing of a page as files: SVG that needs no sheet, and PNG. Kept by content, since both take a while. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fingerprint, standAlone } from '../diagrams/index.ts';
import type { Drawing, StandAlone } from '../diagrams/index.ts';
import { paint, tokensOf } from '../pictures/paint.ts';
import type { Theme, Tokens } from '../pictures/paint.ts';
import { png } from '../pictures/png.ts';
import { FewAtOnce } from './few-at-once.ts';

const css = new URL('../styles/tokens.css', import.meta.url);
const pixelsPerUnit = 2;
/** A picture being painted takes some megabytes, and the processors are few. */
export const fewFiles = new FewAtOnce(4);

export interface Shown {
  drawing: Drawing;
  /** Name of a token, such as `--cat-data`. */
  accent: string;
}

/** @param home absolute address of the first page, with a slash at its end */
export async function drawingFiles(shown: Shown, home: string): Promise<{ svg: string; png: Uint8Array }> {
  const { svg, outlined } = await standing(shown, home);
  return { svg: `${svg}\n`, png: await png(outlined, pixelsPerUnit) };
}

async function standing({ drawing, accent }: Shown, home: string): Promise<StandAlone> {
  const text = readFileSync(css, 'utf8');
  const key = createHash('sha256').update(JSON.stringify([fingerprint(), text, drawing.svg, accent, home])).digest('hex').slice(0, 32);
  const file = resolve('node_modules/.cache/diagram-files', `${key}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as StandAlone;
  const themes = { light: tokens(text, 'light', accent), dark: tokens(text, 'dark', accent) };
  const made = standAlone(drawing, { paint: (value, theme) => paint(value, themes[theme]), home });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(made));
  return made;
}

function tokens(text: string, theme: Theme, accent: string): Tokens {
  return new Map([...tokensOf(text, theme), ['--accent', `var(${accent})`]]);
}
