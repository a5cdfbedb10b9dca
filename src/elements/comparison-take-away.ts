/** A comparison to take along; fetched when a reader asks for it. The words are those that assistants get. */
import { comparisonFinding } from '../citing/comparison-finding.ts';
import { comparisonMarkdown } from '../citing/comparison-markdown.ts';
import type { Facts } from '../citing/pattern-facts.ts';
import { factsOf } from '../comparing/compared.ts';
import type { Compared } from '../comparing/compared.ts';
import { fromRoot } from './from-root.ts';
import { showRecord } from './record-dialog.ts';

export function asMarkdown(compared: readonly Compared[]): string {
  return comparisonMarkdown(facts(compared), compared.map(({ slug }) => slug));
}

export function startRecord(compared: readonly Compared[]): void {
  showRecord(comparisonFinding(facts(compared), compared.map(({ slug }) => slug)), 'A draft after MADR 4 with what speaks for and against each of the compared patterns. The first is proposed: change the order if you decide for another.');
}

function facts(compared: readonly Compared[]): Facts {
  return factsOf(compared, location.origin + fromRoot('/'));
}
