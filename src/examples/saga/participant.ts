import { StepRefusedError } from './contract.ts';
import type { Transaction } from './contract.ts';
import { participantStatements as statements } from './schema.ts';

export interface Answer {
  readonly state: 'done' | 'refused';
  /** What the effect gave, or the reason of the refusal. */
  readonly result: unknown;
  /** True for the answer to an earlier command with the same key. */
  readonly repeated: boolean;
}

// #region perform
/**
 * Does a step once, in the transaction that remembers it.
 * A command that comes after its own reversal is refused: the reversal has left a tombstone.
 * @param effect throws `StepRefusedError` for a final no; what it has changed by then is rolled back
 */
export async function perform(open: Transaction, key: string, effect: () => Promise<unknown>): Promise<Answer> {
  const isNew = (await open.query(statements.take, [key, 'done'])).length === 1;
  if (!isNew) {
    const [known] = await open.query<{ state: string; result: unknown }>(statements.lookUp, [key]);
    const { state, result } = known!;
    if (state === 'undone') return { state: 'refused', result: 'it was taken back before', repeated: true };
    return { state: state as Answer['state'], result, repeated: true };
  }
  await open.query('savepoint effect', []);
  let answer: Answer;
  try {
    answer = { state: 'done', result: await effect(), repeated: false };
  } catch (error) {
    if (!(error instanceof StepRefusedError)) throw error;
    await open.query('rollback to savepoint effect', []);
    answer = { state: 'refused', result: error.message, repeated: false };
  }
  // A refusal is remembered too: an earlier copy, still on its way, might otherwise be accepted.
  await open.query(statements.answer, [key, answer.state, JSON.stringify(answer.result) ?? null]);
  return answer;
}
// #endregion perform

/**
 * Takes a step back, once. Where it was never done, or refused, it leaves a tombstone and reverses nothing.
 * @param reversal gets what the effect gave
 * @returns false for a repeat
 */
export async function undo(open: Transaction, key: string, reversal: (result: unknown) => Promise<unknown>): Promise<boolean> {
  const isUnknown = (await open.query(statements.take, [key, 'undone'])).length === 1;
  if (isUnknown) return true;
  const [known] = await open.query<{ state: string; result: unknown }>(statements.lookUp, [key]);
  const isFirst = (await open.query(statements.undo, [key])).length === 1;
  if (isFirst && known!.state === 'done') await reversal(known!.result);
  return isFirst;
}
