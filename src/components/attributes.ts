/** What the components of the authors take, read from their own `interface Props`. */
import { nearestWord } from '../catalogue/violations.ts';

export interface Attribute {
  name: string;
  type: string;
  isRequired: boolean;
  /** The comment above it. */
  means: string;
}

const sources: Record<string, string> = import.meta.glob('./*.astro', { query: '?raw', import: 'default', eager: true });

/** @throws when there is no such component, with the nearest name */
export function attributesOf(component: string): Attribute[] {
  return attributesIn(component, componentSource(component));
}

/** Whether a script makes something of it in a browser, so that readers without one get something else. */
export function isAlive(source: string): boolean {
  return /<script\b(?! is:inline)|<[a-z]+-[a-z-]+[\s>]/.test(source.replace(/^---[\s\S]*?^---$/m, ''));
}

/** @throws when there is no such component, with the nearest name */
export function componentSource(component: string): string {
  const source = sources[`./${component}.astro`];
  if (source !== undefined) return source;
  const near = nearestWord(component, Object.keys(sources).map((file) => file.slice('./'.length, -'.astro'.length)));
  throw new Error(`src/components/${component}.astro does not exist.${near === undefined ? '' : ` Did you mean "${near}"?`}`);
}

/** @throws when an attribute has no comment that says what it means, or when the interface is written in a way that this cannot read */
export function attributesIn(component: string, source: string): Attribute[] {
  const [, body] = /^interface Props \{\n([\s\S]*?)^\}/m.exec(source) ?? [];
  if (body === undefined) {
    if (source.includes('Astro.props')) throw new Error(`src/components/${component}.astro takes attributes and has no "interface Props {", one attribute a line, that says which`);
    return [];
  }
  const read = [...body.matchAll(/^ {2}(?:\/\*\* (.*?) \*\/\n {2})?(\w+)(\??): (.*?);$/gm)].map(([, means, name = '', mark, type = '']): Attribute => {
    if (means === undefined) throw new Error(`src/components/${component}.astro: attribute "${name}" has no comment above it that says what it means`);
    return { name, type: type.replace(/ \| undefined$/, ''), isRequired: mark === '', means };
  });
  const lines = body.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('/**')).length;
  if (read.length !== lines) throw new Error(`src/components/${component}.astro: write each attribute on a line of its own, with a comment of one line above it`);
  return read;
}
