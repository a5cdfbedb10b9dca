/**
 * Reads the YAML that pages and data files are written in nearly always: maps, lists and texts of one line each, in the block form or
 * in braces and brackets. It takes a tenth of the parser's time. Whatever else stands there is left to the parser, mistakes too.
 */

/** Thrown where this is no such YAML. */
class OtherYaml extends Error {
  override name = 'OtherYaml';
}

interface Line { indent: number; text: string }
type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** What `yaml` makes of the text; undefined where only `yaml` can tell. */
export function plainYaml(text: string): unknown {
  try {
    const lines = text.replace(/^(?:#[ -~]*\n)+/, '').split('\n').filter((line) => line !== '').map((line): Line => {
      // No tab, no other sign that YAML has an opinion on, no comment but those at the top, no blank at the end.
      if (/[^ -~\u00A0-\uD7FF\uE000-\uFDFF]|(?:^|\s)#|\s$|^(?:---|\.\.\.|%)/.test(line)) throw new OtherYaml();
      const indent = line.search(/[^ ]/);
      return { indent, text: line.slice(indent) };
    });
    if (lines.length === 0) return undefined;
    const block = new Block(lines);
    const value = block.node(0);
    if (!block.isAtEnd) throw new OtherYaml();
    return value;
  } catch (error) {
    if (error instanceof OtherYaml) return undefined;
    throw error;
  }
}

class Block {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#lines.length;
  }

  node(indent: number): Value {
    const line = this.#lines[this.#at];
    if (line?.indent !== indent) throw new OtherYaml();
    return line.text.startsWith('- ') ? this.#list(indent) : this.#map(indent);
  }

  #list(indent: number): Value[] {
    const values: Value[] = [];
    for (let line = this.#lines[this.#at]; line?.indent === indent && line.text.startsWith('- '); line = this.#lines[this.#at]) {
      const text = line.text.slice(2);
      if (/^[- ]/.test(text)) throw new OtherYaml();
      if (isPair(text)) {
        // A map that begins on the line of its dash.
        this.#lines[this.#at] = { indent: indent + 2, text };
        values.push(this.#map(indent + 2));
      } else {
        this.#at += 1;
        values.push(inline(text));
      }
    }
    return values;
  }

  #map(indent: number): Value {
    const map: Record<string, Value> = {};
    for (let line = this.#lines[this.#at]; line?.indent === indent && !line.text.startsWith('- '); line = this.#lines[this.#at]) {
      const [whole, key = '', rest = ''] = pair.exec(line.text) ?? [];
      if (whole === undefined || Object.hasOwn(map, key) || key === '__proto__') throw new OtherYaml();
      this.#at += 1;
      map[key] = rest === '' ? this.#below(indent) : inline(rest);
    }
    return map;
  }

  /** A list may stand as far left as the key that it belongs to. */
  #below(indent: number): Value {
    const next = this.#lines[this.#at];
    if (next === undefined || next.indent < indent || (next.indent === indent && !next.text.startsWith('- '))) throw new OtherYaml();
    return this.node(next.indent);
  }
}

/** A key of letters, which is nothing else. */
const pair = /^([A-Za-z][\w-]*):(?: (\S.*))?$/;
const isPair = (text: string): boolean => /^[^'"[{]*?:(?: |$)/.test(text);

/** A value that ends with its line. */
function inline(text: string): Value {
  const flow = new Flow(text);
  const value = /^[[{'"]/.test(text) ? flow.value() : plain(text);
  if (/^[[{'"]/.test(text) && !flow.isAtEnd) throw new OtherYaml();
  return value;
}

class Flow {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(): Value {
    const first = this.#text[this.#at];
    if (first === '[') return this.#list();
    if (first === '{') return this.#map();
    if (first === "'") return this.#take(/'((?:[^']|'')*)'/y).slice(1, -1).replaceAll("''", "'");
    if (first === '"') return this.#take(/"[^"\\]*"/y).slice(1, -1);
    // Signs that mean something in brackets end it; a colon may be part of it in ways that differ from one YAML to the next.
    const text = this.#take(/[^,[\]{}:#]+/y);
    this.#at -= text.length - text.trimEnd().length;
    return plain(text.trimEnd());
  }

  #list(): Value[] {
    const values: Value[] = [];
    this.#take(/\[ */y);
    while (this.#text[this.#at] !== ']') {
      values.push(this.value());
      this.#between(']');
    }
    this.#at += 1;
    return values;
  }

  #map(): Value {
    const map: Record<string, Value> = {};
    this.#take(/\{ */y);
    while (this.#text[this.#at] !== '}') {
      const key = this.#take(/[A-Za-z][\w-]*: +/y).replace(/: +$/, '');
      if (Object.hasOwn(map, key) || key === '__proto__') throw new OtherYaml();
      map[key] = this.value();
      this.#between('}');
    }
    this.#at += 1;
    return map;
  }

  #between(closing: string): void {
    this.#take(/ */y);
    if (this.#text[this.#at] !== closing) this.#take(/, */y);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new OtherYaml();
    this.#at += found.length;
    return found;
  }
}

/** A text without quotes; a number, a day and a word of YAML where nothing else can be meant. */
function plain(text: string): Value {
  if (/^-?[1-9]\d{0,8}$|^0$/.test(text)) return Number(text);
  if (/^[-?:,[\]{}#&*!|>'"%@`]|: |:$| #|^[.+~]|^$/.test(text)) throw new OtherYaml();
  if (/^(?:true|false|null)$/i.test(text)) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new OtherYaml();
  }
  // What begins like a number and is no number is a text, as is a day; what might be one is left alone.
  if (/^\d/.test(text) && /^[\d._eExXoOa-fA-F+-]+$/.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new OtherYaml();
  return text;
}
