import type { TopicOptions } from './contract.ts';

export function requireOptions({ leaseMs, baseDelayMs, maxDelayMs, retentionMs, maxDeliveries, window, maxMessages, maxDeadLetters }: Required<TopicOptions>): void {
  requireAll({ leaseMs, baseDelayMs, maxDelayMs, retentionMs }, (ms) => ms > 0 && ms < Infinity, 'above 0 and finite');
  requireAll({ maxDelayMs }, (ms) => ms >= baseDelayMs, `at least 'baseDelayMs' (${baseDelayMs})`);
  requireAll({ maxDeliveries, window, maxMessages }, (count) => Number.isInteger(count) && count > 0, 'a positive integer');
  requireAll({ maxDeadLetters }, (count) => Number.isInteger(count) && count >= 0, 'an integer of at least 0');
}

export function requireAll(options: Record<string, number>, isAllowed: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isAllowed(value)) throw new RangeError(`'${name}' must be ${rule}: current value is ${value}`);
  }
}
