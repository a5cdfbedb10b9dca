/** What a level is worth as a frequency: the index has room for a few steps. */
import { mostLevel } from './levels.ts';

const steps = [0, 0.9, 1.6, 2.6] as const;

export function frequencyOf(level: number): number {
  return steps[Math.min(level, mostLevel)] ?? 0;
}

/** The level whose step is nearest. */
export function levelOf(frequency: number): number {
  return steps.reduce((best: number, step, level) => (Math.abs(step - frequency) < Math.abs(frequencyOf(best) - frequency) ? level : best), 0);
}
