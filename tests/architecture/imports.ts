/** Finds every import of a file: static, type, dynamic and by glob, in .ts, .mjs, .astro and .mdx. */
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { preProcessFile } from 'typescript';
import { blankExcept, lineAt, read, root } from './repository.ts';

export interface Import {
  file: string;
  line: number;
  /** As written. */
  name: string;
  /** Path below the repository for our own files, `text:` before it when taken as text; the name itself for packages. */
  target: string;
}

export function importsOf(file: string): Import[] {
  const code = codeOf(file, read(file));
  const named = preProcessFile(code, true, true).importedFiles.map(({ fileName, pos }) => ({ name: fileName, pos }));
  const globbed = [...code.matchAll(/import\.meta\.glob(?:<[^(]*>)?\(\s*(\[[^\]]*\]|'[^']*')(.*)/g)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/'([^']+)'/g)].map((part) => ({ name: `${part[1]}${/\?(raw|url)/.exec(match[2] ?? '')?.[0] ?? ''}`, pos: match.index })));
  return [...named, ...globbed].map(({ name, pos }) => ({ file, line: lineAt(code, pos), name, target: targetOf(file, name) }));
}

/** What is TypeScript in a file; the rest is blanked. */
function codeOf(file: string, text: string): string {
  if (file.endsWith('.astro')) {
    const blocks = [...text.matchAll(/^---\n([\s\S]*?)\n---$|<script\b[^>]*>([\s\S]*?)<\/script>/gm)];
    return blankExcept(text, blocks.map((block) => between(block, block[1] ?? block[2] ?? '')));
  }
  if (file.endsWith('.mdx')) {
    const withoutFences = text.replaceAll(/^(```+|~~~+)[^\n]*\n[\s\S]*?^\1\s*$/gm, (fence) => fence.replaceAll(/[^\n]/g, ' '));
    const statements = [...withoutFences.matchAll(/^(?:import|export)\b[\s\S]*?(?:;|\n\n|$(?![\s\S]))/gm)];
    return blankExcept(withoutFences, statements.map((statement) => between(statement, statement[0])));
  }
  return text;
}

function between(match: RegExpExecArray | RegExpMatchArray, part: string): [number, number] {
  const start = (match.index ?? 0) + match[0].indexOf(part);
  return [start, start + part.length];
}

function targetOf(file: string, name: string): string {
  const [path = '', query] = name.split('?');
  const own = ownPath(file, path);
  if (own === undefined) return name;
  return `${query === 'raw' || query === 'url' ? 'text:' : ''}${own}`;
}

function ownPath(file: string, path: string): string | undefined {
  if (path.startsWith('.')) return posix.join(dirname(file), path);
  if (path.startsWith('/')) return path.slice(1);
  if (!path.startsWith('~/')) return undefined;
  const below = `src/${path.slice(2)}`;
  return existsSync(join(root, below, 'index.ts')) ? `${below}/index.ts` : below;
}
