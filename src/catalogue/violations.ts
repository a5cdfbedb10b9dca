import type { z } from 'zod';
import { nearestWord, nothingElseNear } from './nearest.ts';
import type { ViolatedRule } from './violated-rules.ts';

export { nearestWord };

/** Something in the content that breaks a rule, in words that let its author mend it. */
export interface Violation {
  rule: ViolatedRule;
  /** Path below the repository, with forward slashes. */
  file: string;
  /** Where in the frontmatter, for example `relations.0.to`. */
  key: string;
  found: string;
  expected: string;
  /** The allowed word nearest to what was found, when one is near. */
  nearest?: string | undefined;
  /** What to write instead of what was found, where it can have meant nothing else. */
  meant?: string | undefined;
}

/** The page of a rule; each has one. */
export function checkAddress(rule: string): string {
  return `https://pattern-atlas.github.io/contribute/checks/${rule}/`;
}

/** The word that was meant, from what may stand there. */
export function near(word: string, known: Iterable<string>): Pick<Violation, 'nearest' | 'meant'> {
  const all = [...known];
  const nearest = nearestWord(word, all);
  return { nearest, meant: nearest !== undefined && nothingElseNear(word, nearest, all) ? nearest : undefined };
}

/** What is said of a text that no reader of YAML takes. */
export function notYaml(file: string, key: string, error: unknown): Violation {
  return { rule: 'not-yaml', file, key, found: 'text that is not YAML', expected: `YAML; ${error instanceof Error ? error.message.split('\n')[0] : error}` };
}

export function describeViolation({ file, key, found, expected, nearest }: Violation): string {
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return `${file}: ${key}: found ${found}; expected ${expected}.${hint}`;
}

/** All violations of one build or check, thrown together. */
export class CatalogueError extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    const noun = violations.length === 1 ? 'problem' : 'problems';
    super(`${violations.length} ${noun} in the catalogue:\n${violations.map((each) => `  ${describeViolation(each)} See ${checkAddress(each.rule)}`).join('\n')}`);
    this.name = 'CatalogueError';
    this.violations = violations;
  }
}

/** Turns the issues of a schema into violations; `data` is what was validated. */
export function violationsOf(file: string, data: unknown, error: z.ZodError, schemaKeys: (path: PropertyKey[]) => string[]): Violation[] {
  const violations = error.issues.flatMap((issue): Violation[] => {
    const key = issue.path.map(String).join('.') || 'frontmatter';
    const value = valueAt(data, issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = schemaKeys(issue.path);
      return issue.keys.map((unknown) => ({
        rule: 'unknown-key',
        file,
        key: [...issue.path.map(String), unknown].join('.'),
        found: 'an unknown key',
        expected: `one of ${known.join(', ')}`,
        ...near(unknown, known),
      }));
    }
    const rule = ruleOf(issue, value);
    const allowed = allowedWords(issue);
    if (allowed !== undefined) {
      return [{ rule, file, key, found: show(value), expected: `one of ${allowed.join(', ')}`, ...(typeof value === 'string' ? near(value, allowed) : {}) }];
    }
    return [{ rule, file, key, found: value === undefined ? 'nothing' : measure(issue, value), expected: expectation(issue) }];
  });
  // A key that is written wrongly is one mistake, not one that is unknown and another that is missing.
  const meant = violations.flatMap(({ rule, key, meant: word }) => (rule === 'unknown-key' && word !== undefined ? [[...key.split('.').slice(0, -1), word].join('.')] : []));
  return violations.filter(({ rule, key }) => rule !== 'missing-key' || !meant.includes(key));
}

function ruleOf(issue: z.core.$ZodIssue, value: unknown): ViolatedRule {
  const [first, , inner] = issue.path;
  if (value === undefined) return first === 'notWhen' && inner === 'instead' ? 'not-when-without-instead' : 'missing-key';
  if (allowedWords(issue) !== undefined) return 'unknown-word';
  if (issue.code === 'invalid_type') return 'wrong-type';
  if (issue.code === 'custom') return 'candidate-without-answer';
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return 'wrong-form';
  return first === 'sources' ? 'few-sources' : 'wrong-size';
}

/** The words of an enumeration, or the kinds of a discriminated union. */
function allowedWords(issue: z.core.$ZodIssue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

/** What the schema wants, in a writer's words. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === 'too_small') return `at least ${issue.minimum}${units[issue.origin] ?? ''}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${units[issue.origin] ?? ''}`;
  if (issue.code === 'invalid_format') return formatWords[issue.format] ?? lowerFirst(issue.message);
  return lowerFirst(issue.message);
}

const typeWords: Record<string, string> = { array: 'a list', object: 'keys with values', record: 'keys with values', string: 'a text', int: 'a whole number', number: 'a number' };
const units: Record<string, string> = { string: ' characters', array: ' entries' };
const formatWords: Record<string, string> = { date: 'a day such as 2026-11-21', url: 'a web address that starts with https://' };

/** The value itself, or its size where the size is what is wrong. */
function measure(issue: z.core.$ZodIssue, value: unknown): string {
  const sized = issue.code === 'too_small' || issue.code === 'too_big';
  if (sized && Array.isArray(value)) return `${value.length} entries`;
  if (sized && typeof value === 'string') return `${value.length} characters, ${show(value)}`;
  return show(value);
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value === null || typeof value !== 'object' ? undefined : (value as Record<PropertyKey, unknown>)[key]), data);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 87)}…` : text;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
