import type { Reaction } from './contract.ts';

export interface Ends { readonly begins: readonly string[]; readonly ends: readonly string[] }

// #region flow
/**
 * The flow stands in no program, so it is read from what every service declares. Run it where all declarations meet:
 * in the build of the registry of events.
 * @returns one sentence for each mistake; none if the flow holds together
 */
export function faultsOf(reactions: readonly Reaction[], { begins, ends }: Ends): string[] {
  const needed = new Set(reactions.flatMap(({ needs }) => needs));
  const told = reactions.flatMap(({ tells }) => tells);
  return [
    ...[...needed].filter((type) => !told.includes(type) && !begins.includes(type)).map((type) => `${type} is waited for, and nobody tells it`),
    ...[...new Set([...begins, ...told])].filter((type) => !needed.has(type) && !ends.includes(type)).map((type) => `${type} is told, and nobody listens`),
    ...[...new Set(told)].filter((type) => told.indexOf(type) !== told.lastIndexOf(type)).map((type) => `${type} is told by more than one reaction`),
    ...[...new Set(told)].filter((type) => after(reactions, [type]).has(type)).map((type) => `${type} leads back to itself`),
  ];
}

/** Who has heard all that it needs, and has told nothing that was heard: where to look when a process stands still. */
export function owing(reactions: readonly Reaction[], heard: readonly string[]): string[] {
  return reactions
    .filter(({ needs, tells }) => tells.length > 0 && needs.every((type) => heard.includes(type)) && !tells.some((type) => heard.includes(type)))
    .map(({ service, tells }) => `${service} owes ${tells.join(' or ')}`);
}
// #endregion flow

/** All that may follow from these types. */
function after(reactions: readonly Reaction[], types: readonly string[], seen = new Set<string>()): Set<string> {
  for (const { needs, tells } of reactions) {
    const next = needs.some((type) => types.includes(type)) ? tells.filter((type) => !seen.has(type)) : [];
    for (const type of next) seen.add(type);
    if (next.length > 0) after(reactions, next, seen);
  }
  return seen;
}
