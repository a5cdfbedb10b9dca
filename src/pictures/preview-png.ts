import css from '../styles/tokens.css?raw';
import { tokensOf } from './paint.ts';
import { png } from './png.ts';
import { previewSvg } from './preview.ts';
import type { Preview } from './preview.ts';

/** On paper, whatever theme the chat has: the picture is a sheet of its own. */
export async function previewPng(preview: Preview): Promise<Uint8Array<ArrayBuffer>> {
  return png(await previewSvg(preview, tokensOf(css, 'light')));
}
