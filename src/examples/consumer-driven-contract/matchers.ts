import type { Json } from './contract.ts';

/** A place where the consumer does not care about the very value. Written as JSON, so that a contract can travel. */
interface Matcher { readonly $match: 'type' | 'oneOf' | 'each' | 'text'; readonly example: Json; readonly values?: readonly Json[]; readonly pattern?: string }

/** Any value of the same type; objects need the same fields. Says nothing of what a value means. */
export const like = (example: Json): Json => ({ $match: 'type', example });
/** Exactly the values that the consumer can handle. */
export const oneOf = (...values: readonly [Json, ...Json[]]): Json => ({ $match: 'oneOf', example: values[0], values });
/** At least one item, and all like the example: an empty list would prove nothing about items. */
export const eachLike = (example: Json): Json => ({ $match: 'each', example });
/** Text that as a whole has this form. */
export const text = (example: string, pattern: string): Json => ({ $match: 'text', example, pattern });

export interface Mismatch { field: string; expected: string; found: string }

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
const isMatcher = (value: Json | undefined): value is Matcher & { readonly [key: string]: Json } => isObject(value) && typeof value.$match === 'string';
const show = (value: Json | undefined): string => JSON.stringify(value) ?? 'nothing';
const typeOf = (value: Json | undefined): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** What the mock answers: each matcher replaced by its example. */
export function exampleOf(expected: Json): Json {
  if (isMatcher(expected)) return expected.$match === 'each' ? [exampleOf(expected.example)] : exampleOf(expected.example);
  if (Array.isArray(expected)) return expected.map(exampleOf);
  return isObject(expected) ? Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, exampleOf(value)])) : expected;
}

// #region mismatches
/**
 * Where `found` is not what the consumer can read. Fields that it did not name may be there: it ignores them.
 * @param byType compares types and not values, inside `like`
 */
export function mismatches(expected: Json, found: Json | undefined, field = '$', byType = false): Mismatch[] {
  if (isMatcher(expected)) return unlike(expected, found, field);
  const wrong = (what: string): Mismatch[] => [{ field, expected: what, found: show(found) }];
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return wrong(`a list of ${expected.length}`);
    return expected.flatMap((item: Json, at) => mismatches(item, found[at], `${field}[${at}]`, byType));
  }
  if (isObject(expected)) {
    if (!isObject(found)) return wrong('an object');
    return Object.entries(expected).flatMap(([key, value]) => mismatches(value, Object.hasOwn(found, key) ? found[key] : undefined, `${field}.${key}`, byType));
  }
  if (byType) return typeOf(expected) === typeOf(found) ? [] : wrong(`a ${typeOf(expected)}, such as ${show(expected)}`);
  return expected === found ? [] : wrong(show(expected));
}
// #endregion mismatches

function unlike({ $match, example, values, pattern }: Matcher, found: Json | undefined, field: string): Mismatch[] {
  const wrong = (what: string): Mismatch[] => [{ field, expected: what, found: show(found) }];
  if ($match === 'type') return mismatches(example, found, field, true);
  if ($match === 'oneOf') return values!.some((value) => show(value) === show(found)) ? [] : wrong(`one of ${values!.map(show).join(', ')}`);
  if ($match === 'text') return typeof found === 'string' && new RegExp(`^(?:${pattern})$`, 'v').test(found) ? [] : wrong(`text of the form ${pattern}`);
  if (!Array.isArray(found) || found.length === 0) return wrong('a list with at least one item');
  return found.flatMap((item: Json, at) => mismatches(example, item, `${field}[${at}]`, true));
}

/** Whether what matches has no field that was not named: strict in what a consumer sends, as opposed to what it reads. */
export function namesAll(expected: Json, found: Json): boolean {
  if (isMatcher(expected)) {
    if (expected.$match === 'each') return (found as readonly Json[]).every((item) => namesAll(expected.example, item));
    return expected.$match !== 'type' || namesAll(expected.example, found);
  }
  if (Array.isArray(expected)) return expected.every((item: Json, at) => namesAll(item, (found as readonly Json[])[at]!));
  return !isObject(expected) || Object.entries(found as { readonly [key: string]: Json }).every(([key, value]) => Object.hasOwn(expected, key) && namesAll(expected[key]!, value));
}
