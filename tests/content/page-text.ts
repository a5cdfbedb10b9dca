/** Reads the body of a page the way its rules need it. Every function takes MDX below the frontmatter. */

export interface Fence { language: string; meta: string; text: string }
export interface Tag { name: string; attributes: Record<string, string> }

const fence = /^(?<mark>```+)(?<language>[\w-]*)(?<meta>[^\n]*)\n(?<text>[\s\S]*?)^\k<mark>\s*$/gm;

export function fencesOf(body: string): Fence[] {
  return [...body.matchAll(fence)].map(({ groups }) => ({ language: groups?.['language'] ?? '', meta: groups?.['meta']?.trim() ?? '', text: groups?.['text'] ?? '' }));
}

export function headingsOf(body: string, level: number): string[] {
  return [...withoutFences(body).matchAll(/^(#+) +(.+?) *$/gm)].filter(([, marks]) => marks?.length === level).map(([, , text]) => text ?? '');
}

/** Components of ours, with their attributes that are plain text. */
export function tagsOf(body: string): Tag[] {
  return [...withoutFences(body).matchAll(/<([A-Z]\w*)((?:\s+[\w-]+(?:=(?:"[^"]*"|\{[^}]*\}))?)*)\s*\/?>/g)].map(([, name = '', attributes = '']) => ({
    name,
    attributes: Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  }));
}

/** Words that the author wrote as prose: no imports, code blocks, components, headings, addresses of links. */
export function proseWords(body: string): number {
  const prose = withoutFences(body)
    .replaceAll(/^(import|export)\b[^\n]*$/gm, '')
    .replaceAll(/^#+ .*$/gm, '')
    .replaceAll(/<\/?[A-Z][^>]*>/g, '')
    .replaceAll(/^:::.*$/gm, '')
    .replaceAll(/\]\([^)]*\)/g, ']');
  return prose.match(/[\p{L}\p{N}][\p{L}\p{N}'’./:_-]*/gu)?.length ?? 0;
}

export function withoutFences(body: string): string {
  return body.replaceAll(fence, '');
}
