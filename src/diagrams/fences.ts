/** A ```mermaid block of a page. */
export interface Fence {
  /** Line of the opening fence in the file, counted from 1. */
  readonly line: number;
  /** Text after the language, such as `title="…"`. */
  readonly meta: string;
  readonly source: string;
  /** How many columns the block is indented by. */
  readonly indent: number;
}

/** The Mermaid fences of a Markdown or MDX text, in order. */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', marker, language, meta = ''] = OPENING.exec(lines[index] ?? '') ?? [];
    if (!marker) continue;
    const end = closingLine(lines, index, marker);
    if (language === 'mermaid') {
      const source = lines.slice(index + 1, end).map((line) => withoutIndent(line, indent.length)).join('\n');
      fences.push({ line: index + 1, meta: meta.trim(), source, indent: indent.length });
    }
    index = end;
  }
  return fences;
}

/** The value of `key="…"` in the text after a fence's language. */
export function fenceOption(meta: string | null | undefined, key: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${key}=(?:"([^"]*)"|'([^']*)'|(\\S+))`).exec(meta ?? '');
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

const OPENING = /^([ \t]*)(`{3,}|~{3,})\s*([\w-]*)(.*)$/;

function closingLine(lines: readonly string[], opening: number, marker: string): number {
  const closes = new RegExp(`^\\s*${marker[0] ?? ''}{${marker.length},}\\s*$`);
  const end = lines.findIndex((line, index) => index > opening && closes.test(line));
  return end === -1 ? lines.length : end;
}

function withoutIndent(line: string, indent: number): string {
  const own = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(own, indent));
}
