/** Where each key and each value of a YAML text stands, as offsets in the file. */
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { aliasIn, aliasRefused } from '../catalogue/yaml-text.ts';
import type { Document, Node, Pair } from 'yaml';

/** Half open. */
export interface Range { start: number; end: number }

export class YamlPlaces {
  readonly #document: Document.Parsed;
  /** Where the YAML begins in the file. */
  readonly #start: number;
  /** More brackets inside one another than the parser can follow. */
  readonly #isTooDeep: boolean = false;

  /** @param front the YAML is the front matter of the text, not all of it */
  constructor(text: string, front: boolean) {
    const yaml = front ? /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text)?.[1] : text;
    this.#start = front ? '---\n'.length : 0;
    try {
      this.#document = parseDocument(yaml ?? '');
    } catch {
      this.#isTooDeep = true;
      this.#document = parseDocument('');
    }
  }

  /** The first mistake of the YAML itself. */
  get mistake(): { offset: number; message: string; code: string } | undefined {
    if (this.#isTooDeep) return { offset: this.#start, message: 'Lists and keys stand too deep inside one another', code: 'TOO_DEEP' };
    const [first] = this.#document.errors;
    const alias = aliasIn(this.#document);
    if (first === undefined && alias !== undefined) return { offset: this.#start + alias, message: aliasRefused, code: 'ALIAS' };
    return first === undefined ? undefined : { offset: this.#start + first.pos[0], message: first.message.split('\n')[0] ?? '', code: first.code };
  }

  /** What the YAML says, as far as it can be read. */
  get data(): unknown {
    return this.#document.toJS();
  }

  /** The name of a key; of an entry of a list, its value. The nearest that is there, where it is not. */
  key(path: string): Range {
    const { pair, node } = this.#find(path);
    return this.#range(pair === undefined ? node : pair.key as Node) ?? this.top;
  }

  /** What stands behind a key. The nearest that is there, where it is not. */
  value(path: string): Range {
    const { pair, node } = this.#find(path);
    return this.#range(node) ?? this.#range(pair?.key as Node | undefined) ?? this.top;
  }

  /** Of a key that is there; undefined otherwise. */
  has(path: string): boolean {
    return this.#find(path).whole;
  }

  /** The first line of the file. */
  get top(): Range {
    return { start: 0, end: 0 };
  }

  /** Follows `relations.0.to`; a name may hold dots itself. */
  #find(path: string): { pair: Pair | undefined; node: Node | undefined; whole: boolean } {
    let node: unknown = this.#document.contents;
    let pair: Pair | undefined;
    let rest = path;
    while (rest !== '') {
      if (isMap(node)) {
        const next = node.items.filter(isPair).filter(({ key }) => rest === nameOf(key) || rest.startsWith(`${nameOf(key)}.`)).sort((a, b) => nameOf(b.key).length - nameOf(a.key).length)[0];
        if (next === undefined) break;
        pair = next;
        rest = rest.slice(nameOf(next.key).length + 1);
        node = next.value;
      } else if (isSeq(node)) {
        const [index = ''] = rest.split('.');
        const next = node.items[Number(index)];
        if (next === undefined) break;
        pair = undefined;
        rest = rest.slice(index.length + 1);
        node = next;
      } else break;
    }
    // What is missing at the top has no parent but the file.
    if (rest !== '' && node === this.#document.contents) return { pair: undefined, node: undefined, whole: false };
    return { pair, node: node as Node | undefined, whole: rest === '' };
  }

  #range(node: Node | null | undefined): Range | undefined {
    const range = node?.range;
    return range == null ? undefined : { start: this.#start + range[0], end: this.#start + range[1] };
  }
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
