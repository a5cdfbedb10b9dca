import type { TopicOptions } from './contract.ts';

export function requireOptions({ leaseMs, baseDelayMs, maxDelayMs, retentionMs, maxDeliveries, window, maxMessages, maxDeadLetters }: Required<TopicOptions>): void {
  requireTimer({ leaseMs });
  requireAll({ baseDelayMs, maxDelayMs, retentionMs }, (ms) => ms > 0 && ms < Infinity, 'above 0 and finite');
  requireAll({ maxDelayMs }, (ms) => ms >= baseDelayMs, `at least 'baseDelayMs' (${baseDelayMs})`);
  requireAll({ maxDeliveries, window, maxMessages }, (count) => Number.isInteger(count) && count > 0, 'a positive integer');
  requireCount({ maxDeadLetters });
}

/** A longer timer would fire at once. */
export function requireTimer(options: Record<string, number>): void {
  requireAll(options, (ms) => ms > 0 && ms < 2 ** 31, 'above 0 and below 2147483648');
}

export function requireCount(options: Record<string, number>): void {
  requireAll(options, (count) => Number.isInteger(count) && count >= 0, 'an integer of at least 0');
}

export function requireAll(options: Record<string, number>, isAllowed: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isAllowed(value)) throw new RangeError(`'${name}' must be ${rule}: current value is ${value}`);
  }
}
