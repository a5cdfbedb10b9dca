// #region sizing
/**
 * Slots in use on average, by Little's law: calls arrive, and each holds its slot for a while.
 * @param holdMs mean time from the start of a call to its end, on a good day
 */
export function averageRunning(callsPerSecond: number, holdMs: number): number {
  return callsPerSecond * holdMs / 1000;
}

/**
 * Share of calls that find all slots taken, without a queue: Erlang's loss formula.
 * Calls must arrive independently of each other; of the holding times only the mean matters.
 * @param running slots that would be in use on average if there were no limit
 */
export function refusedShare(slots: number, running: number): number {
  let share = 1;
  for (let taken = 1; taken <= slots; taken++) share = withOneMore(share, taken, running);
  return share;
}

/** The fewest slots that refuse at most this share of calls on a good day. */
export function slotsFor(running: number, mostRefused: number): number {
  if (!(running > 0 && running < Infinity)) throw new RangeError(`running must be a positive number: current value is ${running}`);
  if (!(mostRefused > 0 && mostRefused <= 1)) throw new RangeError(`mostRefused must be above 0 and at most 1: current value is ${mostRefused}`);
  let slots = 1;
  for (let share = withOneMore(1, 1, running); share > mostRefused; share = withOneMore(share, slots, running)) slots += 1;
  return slots;
}

function withOneMore(share: number, slots: number, running: number): number {
  return running * share / (slots + running * share);
}
// #endregion sizing
