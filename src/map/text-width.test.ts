import { createRequire } from 'node:module';
import { openSync } from 'fontkit';
import { expect, test } from 'vitest';
import { textWidth } from './text-width.ts';

const face = openSync(createRequire(import.meta.url).resolve('@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2'));

test.each([' -/?,.:;!()&\'', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'])('each letter of "%s" is as wide as the face sets it', (letters) => {
  const wrong = [...letters].filter((letter) => Math.abs(textWidth(letter, 1000) - (face.layout(letter).advanceWidth / face.unitsPerEm) * 1000) > 1);
  expect(wrong).toEqual([]);
});

test('a letter that is not known takes the room of the widest', () => {
  expect(textWidth('–', 10)).toBeGreaterThan(textWidth('W', 10));
});
