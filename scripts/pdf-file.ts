/**
 * Reads what Chromium prints: sheets with their text and links, outline, places that links lead to. Not for any other PDF:
 * in these the objects stand in the open, only streams are packed, and every font says which letters its glyphs are.
 */
import { inflateSync } from 'node:zlib';

export interface PdfSheet { widthMm: number; heightMm: number; text: string; links: PdfLink[] }
/** Either to an address, or to a place in the file. */
export interface PdfLink { address?: string; place?: string }
export interface OutlineEntry { title: string; depth: number; sheet: number }
export interface PdfFile {
  sheets: PdfSheet[];
  outline: OutlineEntry[];
  /** Number of the sheet by the name of a place, from 1. */
  places: Map<string, number>;
}

export function readPdf(bytes: Buffer): PdfFile {
  const objects = new Map([...bytes.toString('latin1').matchAll(/(?<=^|\n)(\d+) 0 obj\n(.*?)\nendobj/gs)].map(([, id = '', body = '']) => [id, body]));
  const object = (id: string | undefined): string => objects.get(id ?? '') ?? '';
  const catalog = [...objects.values()].find((body) => body.includes('/Type /Catalog')) ?? '';
  const order = sheetsBelow(referenceTo('Pages', catalog));
  const numberOf = (id: string | undefined): number => order.indexOf(id ?? '') + 1;
  const letters = new Map<string, Map<string, string>>();

  function sheetsBelow(id: string | undefined): string[] {
    const kids = /\/Kids \[(.*?)\]/s.exec(object(id))?.[1];
    return kids === undefined ? [id ?? ''] : [...kids.matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => sheetsBelow(kid));
  }

  function sheet(id: string): PdfSheet {
    const body = object(id);
    const [, width = '', height = ''] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(body) ?? [];
    const fonts = new Map([...(/\/Font <<(.*?)>>/s.exec(body)?.[1] ?? '').matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name = '', font = '']) => [name, lettersOf(font)]));
    const annotations = [...(/\/Annots \[(.*?)\]/s.exec(body)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(([, annotation]) => object(annotation));
    return { widthMm: millimetres(width), heightMm: millimetres(height), text: textOf(unpacked(object(referenceTo('Contents', body))), fonts), links: annotations.flatMap(linkOf) };
  }

  function lettersOf(font: string): Map<string, string> {
    const known = letters.get(font) ?? lettersIn(unpacked(object(referenceTo('ToUnicode', object(font)))));
    letters.set(font, known);
    return known;
  }

  function outlineBelow(id: string | undefined, depth: number): OutlineEntry[] {
    const entries: OutlineEntry[] = [];
    for (let at = referenceTo('First', object(id)); at !== undefined; at = referenceTo('Next', object(at))) {
      const [, title = ''] = /\/Title (\((?:\\.|[^\\)])*\)|<[^>]*>)/s.exec(object(at)) ?? [];
      entries.push({ title: words(title), depth, sheet: numberOf(/\/Dest \[(\d+) 0 R/.exec(object(at))?.[1]) }, ...outlineBelow(at, depth + 1));
    }
    return entries;
  }

  return {
    sheets: order.map(sheet),
    outline: outlineBelow(referenceTo('Outlines', catalog), 1),
    places: new Map([...object(referenceTo('Dests', catalog)).matchAll(/\/(\S+) \[(\d+) 0 R/g)].map(([, name = '', id]) => [nameOf(name), numberOf(id)])),
  };
}

function referenceTo(key: string, body: string): string | undefined {
  return new RegExp(`/${key} (\\d+) 0 R`).exec(body)?.[1];
}

function unpacked(body: string): string {
  const start = body.indexOf('stream\n') + 'stream\n'.length;
  const data = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
  return body.slice(0, start).includes('/FlateDecode') ? inflateSync(data).toString('latin1') : data.toString('latin1');
}

/** What the glyphs of a font are, by their numbers in hexadecimal. */
function lettersIn(table: string): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [, list = ''] of table.matchAll(/beginbfchar\n(.*?)endbfchar/gs)) {
    for (const [, glyph = '', letter = ''] of list.matchAll(/<(\w+)> <(\w+)>/g)) letters.set(glyph.toUpperCase(), utf16(letter));
  }
  for (const [, list = ''] of table.matchAll(/beginbfrange\n(.*?)endbfrange/gs)) {
    for (const [, first = '', last = '', letter = ''] of list.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g)) {
      for (let glyph = Number.parseInt(first, 16); glyph <= Number.parseInt(last, 16); glyph++) {
        letters.set(hex(glyph), String.fromCodePoint(Number.parseInt(letter, 16) + glyph - Number.parseInt(first, 16)));
      }
    }
  }
  return letters;
}

/** In the order in which it is painted, each run of text on a line of its own. */
function textOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  return [...content.matchAll(/\bBT\n(.*?)\nET\b/gs)].map(([, run = '']) => {
    let letters: ReadonlyMap<string, string> | undefined;
    return [...run.matchAll(/\/(\w+) [\d.]+ Tf|<([\dA-F]+)> Tj/gi)].map(([, font, glyphs = '']) => {
      if (font !== undefined) letters = fonts.get(font);
      return (glyphs.match(/.{4}/g) ?? []).map((glyph) => letters?.get(glyph.toUpperCase()) ?? '').join('');
    }).join('');
  }).join('\n');
}

function linkOf(annotation: string): PdfLink[] {
  if (!annotation.includes('/Subtype /Link')) return [];
  const [, place] = /\/Dest \/(\S+)/.exec(annotation) ?? [];
  if (place !== undefined) return [{ place: nameOf(place) }];
  const [, address = ''] = /\/URI (\((?:\\.|[^\\)])*\)|<[^>]*>)/s.exec(annotation) ?? [];
  return [{ address: words(address) }];
}

function nameOf(text: string): string {
  return text.replaceAll(/#([\dA-F]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** `(plain)` with escapes, or `<FEFF…>` in UTF-16. */
function words(text: string): string {
  if (text.startsWith('<')) return utf16(text.slice(1, -1).replace(/^FEFF/i, ''));
  return text.slice(1, -1).replaceAll(/\\([0-7]{3}|.)/gs, (_, escaped: string) => (escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped));
}

function utf16(digits: string): string {
  return Buffer.from(digits, 'hex').swap16().toString('utf16le');
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function millimetres(points: string): number {
  return Math.round(Number(points) / 72 * 25.4);
}
