/** Findings as GitHub shows them beside the lines of a pull request. */
import { checkAddress } from '../catalogue/violations.ts';
import type { Finding } from './run-checks.ts';

export function asAnnotations(findings: readonly Finding[]): string {
  return findings.map(({ rule, file, line, column, found, expected, nearest, mend }) => {
    const message = [`Found ${found}.`, `Expected ${expected}.`, ...(nearest === undefined ? [] : [`Did you mean "${nearest}"?`]), `To mend it: ${mend}.`, checkAddress(rule)].join('\n');
    return `::error file=${property(file)},line=${line},col=${column},title=${property(rule)}::${data(message)}`;
  }).join('\n');
}

/** What would end a command or begin another is written as the runner reads it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
