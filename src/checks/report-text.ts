/** Findings for somebody at a terminal. */
import { styleText } from 'node:util';
import { checkAddress } from '../catalogue/violations.ts';
import type { Finding } from './run-checks.ts';

export interface TextOptions {
  colour: boolean;
  /** Letters in a line; undefined: as long as it takes. */
  width?: number | undefined;
}

const indent = '  ';
const longestLabel = 10;
/** A list of words that is longer is cut: the nearest word stands below it, and --json has all. */
const mostLetters = 320;

export function asText(findings: readonly Finding[], options: TextOptions): string {
  return findings.map((finding) => block(finding, options)).join('\n\n');
}

/** One line: how many, where, and how many of them --fix mends. */
export function summary(findings: readonly Finding[], looked: { files: number; rules: number; seconds: number }): string {
  const took = `${count(looked.rules, 'rule')}, ${count(looked.files, 'file')}, ${looked.seconds.toFixed(1)} s`;
  if (findings.length === 0) return `No problems (${took})`;
  const mendable = findings.filter(({ fix }) => fix !== undefined).length;
  const files = new Set(findings.map(({ file }) => file)).size;
  const mend = mendable === 0 ? '' : `, ${mendable === findings.length && mendable > 1 ? 'all' : mendable} can be mended: npm run check -- --fix`;
  return `${count(findings.length, 'problem')} in ${count(files, 'file')}${mend} (${took})`;
}

function block({ rule, file, line, column, found, expected, nearest, mend, fix }: Finding, { colour, width }: TextOptions): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string => (colour ? styleText(format, text, { validateStream: false }) : text);
  const row = (label: string, text: string): string => indent + paint('dim', label.padEnd(longestLabel)) + wrapped(text, indent.length + longestLabel, width);
  return [
    `${paint('bold', `${file}:${line}:${column}`)}  ${paint('red', rule)}`,
    row('found', found),
    row('expected', shortened(expected)),
    ...(nearest === undefined ? [] : [`${indent}did you mean ${paint('green', `"${nearest}"`)}?`]),
    row('mend', fix === undefined ? mend : `${mend} (npm run check -- --fix does it)`),
    indent + paint(['dim', 'underline'], checkAddress(rule)),
  ].join('\n');
}

/** Lines that fit, each but the first below where the text began. */
function wrapped(text: string, start: number, width: number | undefined): string {
  if (width === undefined || width < start + 40) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width - start) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(start)}`);
}

function shortened(text: string): string {
  if (text.length <= mostLetters) return text;
  const words = text.split(', ');
  let kept = words.length;
  while (kept > 1 && words.slice(0, kept).join(', ').length > mostLetters) kept--;
  return kept === words.length ? text : `${words.slice(0, kept).join(', ')} and ${words.length - kept} more`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
