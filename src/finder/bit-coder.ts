/** Decisions as bytes, an arithmetic coder: the likelier a decision, the fewer bits it takes. Exact in every browser, since it only adds, multiplies, divides and rounds down. */

/** Writes or reads one decision, so that one description of the data serves both ways. */
export interface BitCoder {
  /** @param chance of yes, from 1 to 65,535 of 65,536 @param given what to write; ignored when reading */
  code(chance: number, given: boolean): boolean;
}

export class BitWriter implements BitCoder {
  readonly #bytes: number[] = [];
  #low = 0;
  #high = widest;

  code(chance: number, given: boolean): boolean {
    const middle = split(this.#low, this.#high, chance);
    if (given) this.#high = middle;
    else this.#low = middle + 1;
    while (this.#low >>> topShift === this.#high >>> topShift) {
      this.#bytes.push(this.#high >>> topShift);
      this.#low = (this.#low << 8) & widest;
      this.#high = ((this.#high << 8) & widest) | 0xff;
    }
    return given;
  }

  /** As text of characters that JSON does not escape, six bits each: gzip takes the two spare bits out again. */
  text(): string {
    const bytes = [...this.#bytes, this.#high >>> topShift];
    const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return (bits.match(/.{1,6}/g) ?? []).map((six) => String.fromCharCode(withoutBackslash(Number.parseInt(six.padEnd(6, '0'), 2) + firstCharacter))).join('');
  }
}

export class BitReader implements BitCoder {
  readonly #text: string;
  #at = 0;
  #spare = 0;
  #spareBits = 0;
  #low = 0;
  #high = widest;
  #here = 0;

  constructor(text: string) {
    this.#text = text;
    for (let byte = 0; byte < rangeBytes; byte += 1) this.#here = (this.#here << 8) | this.#nextByte();
  }

  code(chance: number): boolean {
    const middle = split(this.#low, this.#high, chance);
    const found = this.#here <= middle;
    if (found) this.#high = middle;
    else this.#low = middle + 1;
    while (this.#low >>> topShift === this.#high >>> topShift) {
      this.#low = (this.#low << 8) & widest;
      this.#high = ((this.#high << 8) & widest) | 0xff;
      this.#here = ((this.#here << 8) & widest) | this.#nextByte();
    }
    return found;
  }

  #nextByte(): number {
    while (this.#spareBits < 8) {
      const character = this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : firstCharacter;
      this.#at += 1;
      this.#spare = (this.#spare << 6) | (character - firstCharacter - (character > backslash ? 1 : 0));
      this.#spareBits += 6;
    }
    this.#spareBits -= 8;
    const byte = this.#spare >>> this.#spareBits;
    this.#spare &= (1 << this.#spareBits) - 1;
    return byte;
  }
}

/** How often a decision fell either way; the chance of the next one. */
export class Odds {
  #yes = 0.4;
  #all = 0.8;

  code(coder: BitCoder, given: boolean): boolean {
    const found = coder.code(chanceOf(this.#yes, this.#all), given);
    this.#all += 1;
    if (found) this.#yes += 1;
    return found;
  }
}

export function chanceOf(part: number, whole: number): number {
  return Math.min(0xfffe, Math.max(1, Math.floor(part * 0x10000 / whole)));
}

/** Small enough that engines keep it as a whole number. */
const rangeBytes = 3;
const widest = 2 ** (8 * rangeBytes) - 1;
const topShift = 8 * rangeBytes - 8;

function split(low: number, high: number, chance: number): number {
  return low + Math.floor((high - low) * chance / 0x10000);
}

function withoutBackslash(code: number): number {
  return code < backslash ? code : code + 1;
}

/** `#`, the first after the space, the exclamation mark and the quotation mark that JSON would escape. */
const firstCharacter = 0x23;
const backslash = 0x5c;
