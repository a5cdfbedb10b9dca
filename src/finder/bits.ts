/** Numbers as bits, and bits as text that JSON does not escape. */

/** Writes numbers or reads them, so that one description of the data serves both ways: what is given is ignored when reading. */
export type BitCoder = (bits: number, given: number) => number;

export class BitWriter {
  readonly #bits: string[] = [];

  readonly code: BitCoder = (bits, given) => {
    if (given < 0 || given >= 2 ** bits) throw new RangeError(`${given} does not fit into ${bits} bits of the finder's index`);
    if (bits > 0) this.#bits.push(given.toString(2).padStart(bits, '0'));
    return given;
  };

  /** Six bits a character: gzip takes the two spare bits out again. */
  text(): string {
    return (this.#bits.join('').match(/.{1,6}/g) ?? []).map((six) => String.fromCharCode(withoutBackslash(Number.parseInt(six.padEnd(6, '0'), 2) + firstCharacter))).join('');
  }
}

/** Reads what a writer wrote, at most 18 bits at once; behind the end stand zeros. */
export function bitReader(text: string): BitCoder {
  let at = 0;
  let spare = 0;
  let spareBits = 0;
  return (bits) => {
    while (spareBits < bits) {
      const character = at < text.length ? text.charCodeAt(at) : firstCharacter;
      at += 1;
      spare = ((spare << 6) | (character - firstCharacter - (character > backslash ? 1 : 0))) & 0xffffff;
      spareBits += 6;
    }
    spareBits -= bits;
    return (spare >>> spareBits) & ((1 << bits) - 1);
  };
}

/** A number below `room`, each about as likely: those in the middle take a bit less where not all can take the same. */
export function codeWithin(coder: BitCoder, room: number, given: number): number {
  if (room <= 1) return 0;
  const bits = 32 - Math.clz32(room - 1);
  const short = 2 ** bits - room;
  const shift = (room - short) >> 1;
  const turned = given < shift ? given - shift + room : given - shift;
  let found = coder(bits - 1, turned < short ? turned : (turned + short) >> 1);
  if (found >= short) found = found * 2 + coder(1, (turned + short) & 1) - short;
  return found + shift < room ? found + shift : found + shift - room;
}

/** A number from 0 to 2 ** 18, likely small: an exponential Golomb code. @param usual bits of the numbers that are met most often */
export function codeSmall(coder: BitCoder, usual: number, given: number): number {
  let bits = usual;
  let least = 0;
  while (coder(1, given - least >= 2 ** bits ? 1 : 0) === 1) {
    least += 2 ** bits;
    bits += 1;
  }
  return least + coder(bits, given - least);
}

function withoutBackslash(code: number): number {
  return code < backslash ? code : code + 1;
}

/** `#`, the first after the space, the exclamation mark and the quotation mark that JSON would escape. */
const firstCharacter = 0x23;
const backslash = 0x5c;
