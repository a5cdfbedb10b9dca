import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { Contract, Interaction, Json, Request, Response } from './contract.ts';
import { exampleOf, mismatches } from './matchers.ts';
import type { Mismatch } from './matchers.ts';

export interface Provider {
  name: string;
  handle: (request: Request, signal: AbortSignal) => Promise<Response>;
  /** By the words of `given`: brings it about, and returns how to take it back. */
  states: Readonly<Record<string, () => Promise<() => Promise<void>>>>;
}

/** Who breaks, at which field, and what to do. */
export interface Problem extends Mismatch { consumer: string; consumerVersion: string; interaction: string; mend: string }

export interface Verification { contract: Contract; problems: readonly Problem[] }

export interface VerifyOptions {
  /** Milliseconds for one answer of the provider; 5,000 when left out. States have no limit. */
  timeoutMs?: number;
  clock?: Clock;
  signal?: AbortSignal;
}

/**
 * The provider's half: replays what each consumer recorded against the real provider, one interaction at a time, each in a state of its own.
 * All contracts are verified, also after one has failed, since the question is *who* breaks.
 * Consumer-driven contracts after Ian Robinson, with the provider states and the tolerant comparison of Pact.
 * @throws the reason of `signal`, or what a state throws that cannot be taken back: whatever came after it would meet its data
 */
export async function verify(provider: Provider, contracts: readonly Contract[], { timeoutMs = 5_000, clock = systemClock, signal = new AbortController().signal }: VerifyOptions = {}): Promise<Verification[]> {
  const verifications: Verification[] = [];
  for (const contract of contracts) {
    const problems: Problem[] = [];
    for (const interaction of contract.interactions) {
      const { consumer, consumerVersion } = contract;
      const found = await replay(provider, interaction, { timeoutMs, clock, signal });
      problems.push(...found.map((mismatch) => ({ consumer, consumerVersion, interaction: interaction.description, ...mismatch })));
    }
    verifications.push({ contract, problems });
  }
  return verifications;
}

// #region replay
async function replay(provider: Provider, { given, request, response }: Interaction, options: Required<VerifyOptions>): Promise<(Mismatch & { mend: string })[]> {
  options.signal.throwIfAborted();
  const state = await bringAbout(provider, given);
  if ('mend' in state) return [state]; // and nothing was asked
  try {
    const answer = await within(options, (signal) => provider.handle({ ...request, ...(request.body !== undefined && { body: exampleOf(request.body) }) }, signal));
    const found = [...mismatches(response.status, answer.status, 'status'), ...(response.body === undefined ? [] : mismatches(response.body, answer.body))];
    return found.map((mismatch) => ({ ...mismatch, mend: mendOf(mismatch, answer.body) }));
  } catch (error) {
    options.signal.throwIfAborted();
    return [{ field: 'answer', expected: `status ${response.status}`, found: String(error), mend: 'The provider gave no answer at all; run this request against it by hand.' }];
  } finally {
    await state.takeBack(); // or the next interaction meets the data of this one
  }
}
// #endregion replay

async function bringAbout({ name, states }: Provider, given?: string): Promise<{ takeBack: () => Promise<void> } | (Mismatch & { mend: string })> {
  if (given === undefined) return { takeBack: async () => {} };
  const problem = (found: string, mend: string) => ({ field: 'given', expected: given, found, mend });
  if (!Object.hasOwn(states, given)) return problem('no such state', `Teach ${name} the state "${given}", or agree on one that it has.`);
  try {
    return { takeBack: await states[given]!() };
  } catch (error) {
    return problem(String(error), `Mend the state "${given}" of ${name}; nothing was asked.`);
  }
}

/** Advice that keeps both sides able to release: add first, move the consumer, then take away. */
function mendOf({ field, found }: Mismatch, body: Json | undefined): string {
  if (field === 'status') return 'Answer with the status as before, or let the consumer learn the new one first.';
  if (found !== 'nothing') return 'Give the old form under the old name and the new one under a new name, until this consumer reads that.';
  const perhaps = renamed(field, body);
  return perhaps === undefined ? 'Keep the field until this consumer no longer asks for it.' : `It may be called ${perhaps} now: send both until this consumer reads the new one.`;
}

/** A sibling of the missing field whose name differs in case, in underscores, or by what was added. */
function renamed(field: string, body: Json | undefined): string | undefined {
  const keys = field.split(/[.[\]]+/).filter((key) => key !== '' && key !== '$');
  const missing = plain(keys.pop() ?? '');
  let place: unknown = body;
  for (const key of keys) place = (place as Record<string, unknown> | undefined)?.[key];
  return Object.keys(place ?? {}).find((key) => plain(key).includes(missing) || missing.includes(plain(key)));
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

async function within<T>({ timeoutMs, clock, signal }: Required<VerifyOptions>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = clock.setTimeout(() => limit.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const either = AbortSignal.any([signal, limit.signal]);
  const given = Promise.withResolvers<never>();
  const leave = (): void => given.reject(either.reason);
  if (either.aborted) leave(); // while the state was brought about
  else either.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([given.promise, (async () => work(either))()]);
  } finally {
    clock.clearTimeout(timer);
    either.removeEventListener('abort', leave);
  }
}
