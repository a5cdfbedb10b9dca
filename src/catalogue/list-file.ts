/** A file of data that is one list. */
import { z } from 'zod';
import { notYaml, violationsOf } from './violations.ts';
import type { Violation } from './violations.ts';
import { parsedYaml } from './yaml-text.ts';

/**
 * All its items, or none and what is wrong with them.
 * @param name what the list is called where the whole of it cannot be read
 * @param keys that an item may have, for those who misspell one
 */
export function parseList<Item>(file: string, name: string, text: string, item: z.ZodType<Item>, keys: readonly string[]): { items: Item[]; violations: Violation[] } {
  let raw: unknown;
  try {
    raw = parsedYaml(text) ?? [];
  } catch (error) {
    return { items: [], violations: [notYaml(file, name, error)] };
  }
  const result = z.array(item).safeParse(raw);
  return result.success ? { items: result.data, violations: [] } : { items: [], violations: violationsOf(file, raw, result.error, () => [...keys]) };
}
