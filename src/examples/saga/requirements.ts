import type { Definition, Options } from './contract.ts';

/** Compensatable steps, then at most one pivot, then retriable ones: else a refusal could come after something that cannot be taken back. */
export function requireOrder({ name, steps }: Definition<never>): void {
  const refuse = (rule: string, found: string): never => {
    throw new RangeError(`Cannot run saga '${name}' as 'steps' must ${rule}: current value is ${found}`);
  };
  const names = steps.map((step) => step.name);
  const kinds = steps.map(({ kind }) => kind).join(', ');
  if (steps.length === 0) refuse('not be empty', '[]');
  if (new Set(names).size < names.length) refuse('have different names', names.join(', '));
  if (!/^(compensatable(, |$))*(pivot(, |$))?(retriable(, |$))*$/.test(kinds)) refuse('be compensatable, then at most one pivot, then retriable', kinds);
}

export function requireOptions({ stepTimeoutMs, leaseMs, maxAttempts, firstRetryMs, longestRetryMs, pollMs }: Required<Options>): void {
  // A longer timer would fire at once.
  requireAll({ stepTimeoutMs, leaseMs, firstRetryMs, longestRetryMs, pollMs }, (ms) => ms > 0 && ms < 2 ** 31, 'above 0 and up to 2147483647');
  requireAll({ leaseMs }, (ms) => ms > stepTimeoutMs, `greater than 'stepTimeoutMs' (${stepTimeoutMs})`);
  requireAll({ maxAttempts }, (count) => Number.isInteger(count) && count > 0, 'a positive integer');
}

function requireAll(options: Record<string, number>, isAllowed: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isAllowed(value)) throw new RangeError(`Cannot run sagas as '${name}' must be ${rule}: current value is ${value}`);
  }
}
