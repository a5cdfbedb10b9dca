// #region sizing
/**
 * Slots in use on average, by Little's law.
 * @param holdMs mean time from the start of a call to its end, on a good day
 */
export function averageRunning(callsPerSecond: number, holdMs: number): number {
  requireLoad('callsPerSecond', callsPerSecond);
  requireLoad('holdMs', holdMs);
  return callsPerSecond * holdMs / 1000;
}

/**
 * Share of calls that find all slots taken, without a queue: Erlang's loss formula.
 * Calls must arrive independently of each other; of the holding times only the mean matters.
 * @param running slots that would be in use on average if there were no limit
 */
export function refusedShare(slots: number, running: number): number {
  if (!Number.isSafeInteger(slots) || slots < 0) throw new RangeError(`slots must be an integer of at least 0: current value is ${slots}`);
  requireLoad('running', running);
  let share = 1;
  for (let taken = 1; taken <= slots; taken++) share = withOneMore(share, taken, running);
  return share;
}

/** The fewest slots that refuse at most this share of calls on a good day. */
export function slotsFor(running: number, mostRefused: number): number {
  requirePositive('running', running, 1e6);
  requirePositive('mostRefused', mostRefused, 1);
  let [slots, share] = [1, withOneMore(1, 1, running)];
  while (share > mostRefused) share = withOneMore(share, ++slots, running);
  return slots;
}

function withOneMore(share: number, slots: number, running: number): number {
  return running * share / (slots + running * share);
}
// #endregion sizing

function requireLoad(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} must be finite and not negative: current value is ${value}`);
}

function requirePositive(name: string, value: number, most: number): void {
  if (!(value > 0 && value <= most)) throw new RangeError(`${name} must be above 0 and at most ${most}: current value is ${value}`);
}
