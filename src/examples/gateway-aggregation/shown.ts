import type { PartAnswer } from './contract.ts';

/** What a client has on its screen: `known` with the time of its value, or `unknown` while it never had one. */
export type Shown = Record<string, { state: 'known'; value: unknown; asOfMs: number } | { state: 'unknown' }>;

// #region renew
/**
 * The client's side of the contract. A gap keeps what was there, with the time it was true, and is no reason to draw an empty
 * list; parts that this client does not know are left alone, so that the page can grow before the client does.
 * `again` names what to ask for once more, alone and not at once.
 */
export function renew(shown: Shown, answer: { parts: Record<string, PartAnswer> }, nowMs: number): { shown: Shown; again: string[] } {
  const next: Shown = { ...shown };
  const again: string[] = [];
  for (const name of Object.keys(shown)) {
    const part = Object.hasOwn(answer.parts, name) ? answer.parts[name] : undefined;
    if (part?.status === 'ok') next[name] = { state: 'known', value: part.value, asOfMs: nowMs };
    if (part?.status === 'missing') again.push(name);
  }
  return { shown: next, again };
}
// #endregion renew
