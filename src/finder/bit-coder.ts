/** Decisions as bytes, an arithmetic coder: the likelier a decision, the fewer bits it takes. Exact in every browser, since it only adds, multiplies, divides and rounds down. */

/**
 * Writes or reads one decision, so that one description of the data serves both ways.
 * @param chance of yes, in parts of 65,536; what is certain is taken for nearly certain @param given what to write; ignored when reading
 */
export type BitCoder = (chance: number, given: boolean) => boolean;

export const whole = 0x10000;

export class BitWriter {
  readonly #bytes: number[] = [];
  #low = 0;
  #high = widest;

  readonly code: BitCoder = (chance, given) => {
    const middle = split(this.#low, this.#high, chance);
    if (given) this.#high = middle;
    else this.#low = middle + 1;
    while (this.#low >>> topShift === this.#high >>> topShift) {
      this.#bytes.push(this.#high >>> topShift);
      this.#low = (this.#low << 8) & widest;
      this.#high = ((this.#high << 8) & widest) | 0xff;
    }
    return given;
  };

  /** As text of characters that JSON does not escape, six bits each: gzip takes the two spare bits out again. */
  text(): string {
    const bytes = [...this.#bytes, this.#high >>> topShift];
    const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return (bits.match(/.{1,6}/g) ?? []).map((six) => String.fromCharCode(withoutBackslash(Number.parseInt(six.padEnd(6, '0'), 2) + firstCharacter))).join('');
  }
}

/** Reads what a writer wrote. A closure, since it runs a quarter of a million times before a browser has made it fast. */
export function bitReader(text: string): BitCoder {
  let at = 0;
  let spare = 0;
  let spareBits = 0;
  const nextByte = (): number => {
    while (spareBits < 8) {
      const character = at < text.length ? text.charCodeAt(at) : firstCharacter;
      at += 1;
      spare = ((spare << 6) | (character - firstCharacter - (character > backslash ? 1 : 0))) & 0xffff;
      spareBits += 6;
    }
    spareBits -= 8;
    return (spare >>> spareBits) & 0xff;
  };
  let low = 0;
  let high = widest;
  let here = 0;
  for (let byte = 0; byte < rangeBytes; byte += 1) here = (here << 8) | nextByte();
  return (chance) => {
    const middle = split(low, high, chance);
    const found = here <= middle;
    if (found) high = middle;
    else low = middle + 1;
    while (low >>> topShift === high >>> topShift) {
      low = (low << 8) & widest;
      high = ((high << 8) & widest) | 0xff;
      here = ((here << 8) & widest) | nextByte();
    }
    return found;
  };
}

/** How often a decision fell either way; the chance of the next one. */
export class Odds {
  #yes = 0.4;
  #all = 0.8;

  code(coder: BitCoder, given: boolean): boolean {
    const found = coder(this.#yes * whole / this.#all, given);
    this.#all += 1;
    if (found) this.#yes += 1;
    return found;
  }
}

/** Small enough that engines keep it as a whole number. */
const rangeBytes = 3;
const widest = 2 ** (8 * rangeBytes) - 1;
const topShift = 8 * rangeBytes - 8;

function split(low: number, high: number, chance: number): number {
  const parts = chance < 1 ? 1 : chance > whole - 2 ? whole - 2 : Math.floor(chance);
  return low + Math.floor((high - low) * parts / whole);
}

function withoutBackslash(code: number): number {
  return code < backslash ? code : code + 1;
}

/** `#`, the first after the space, the exclamation mark and the quotation mark that JSON would escape. */
const firstCharacter = 0x23;
const backslash = 0x5c;
