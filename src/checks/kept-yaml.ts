/** What YAML says, kept by its text: reading it takes most of the time in which nothing else can begin. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

interface Kept { reader: string; values: Record<string, unknown> }

export class KeptYaml {
  readonly #file: string;
  /** Another version of a package may read otherwise. */
  readonly #reader: string;
  readonly #kept: Record<string, unknown>;
  readonly #used = new Map<string, unknown>();
  #isFresh = false;

  constructor(root: string) {
    this.#file = join(root, 'node_modules/.cache/checks/yaml.json');
    this.#reader = hash(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    this.#kept = readKept(this.#file, this.#reader);
  }

  /** @throws what the parser throws, each time anew */
  readonly parse = (text: string): unknown => {
    const key = hash(text);
    if (key in this.#kept) this.#used.set(key, this.#kept[key]);
    else {
      const value: unknown = parse(text);
      // JSON has no such numbers.
      if (/\.(nan|inf)\b/i.test(text)) return value;
      this.#used.set(key, value);
      this.#isFresh = true;
    }
    return this.#used.get(key);
  };

  /** For the next run. When most of it was not read this time, what was not goes. */
  keep(): void {
    if (!this.#isFresh) return;
    const read = Object.fromEntries(this.#used);
    const values = Object.keys(this.#kept).length > 2 * this.#used.size ? read : { ...this.#kept, ...read };
    mkdirSync(dirname(this.#file), { recursive: true });
    const unfinished = `${this.#file}.${process.pid}.tmp`;
    writeFileSync(unfinished, JSON.stringify({ reader: this.#reader, values } satisfies Kept));
    renameSync(unfinished, this.#file);
  }
}

function readKept(file: string, reader: string): Record<string, unknown> {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return kept.reader === reader ? kept.values : {};
  } catch {
    // Missing, or not whole: read anew.
    return {};
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}
