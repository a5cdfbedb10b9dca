import type { ContentTree } from './content-tree.ts';
import { mendedText } from './mended-text.ts';
import type { Breach, Edit, Rule } from './rule.ts';

export interface Finding extends Breach { rule: string }
/** A rule that could not do its work, which is no fault of the content. */
export interface Fault { rule: string; message: string }
export interface Findings { findings: readonly Finding[]; faults: readonly Fault[] }

/** What all rules say, by file and place. A rule that fails takes none of the others with it. */
export async function runChecks(tree: ContentTree, rules: readonly Rule[]): Promise<Findings> {
  const faults: Fault[] = [];
  const inOrder = [...rules].sort((a, b) => Number(b.inThread ?? false) - Number(a.inThread ?? false));
  const findings = await Promise.all(inOrder.map(async ({ id, check }): Promise<Finding[]> => {
    try {
      return (await check(tree)).map((breach) => ({ rule: id, ...breach }));
    } catch (error) {
      faults.push({ rule: id, message: error instanceof Error ? error.stack ?? error.message : String(error) });
      return [];
    }
  }));
  return { findings: findings.flat().sort(byPlace), faults };
}

export interface Mending { file: string; edits: number; raw: string }

/** What files become when each finding is mended that can be. @param readRaw the bytes as text, with mark and line ends */
export function mendings(findings: readonly Finding[], readRaw: (file: string) => string): Mending[] {
  const edits = findings.flatMap(({ fix }) => fix ?? []);
  return [...new Set(edits.map(({ file }) => file))].sort().map((file) => {
    const own: Edit[] = edits.filter((edit) => edit.file === file);
    const { text, left } = mendedText(readRaw(file), own);
    return { file, edits: own.length - left.length, raw: text };
  });
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
