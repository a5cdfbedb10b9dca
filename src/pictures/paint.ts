/** Colours of the site as a picture needs them: tokens.css with every `var()` and `color-mix()` worked out. */
export type Theme = 'light' | 'dark';

export class PaintError extends Error {
  override name = 'PaintError';
}

/** The custom properties of one theme, such as `--ink`. */
export type Tokens = ReadonlyMap<string, string>;

/** @param css text of tokens.css: a `:root` block, and one for the dark theme */
export function tokensOf(css: string, theme: Theme): Tokens {
  const plain = css.replaceAll(/\/\*[^]*?\*\//g, '');
  const block = (selector: string): [string, string][] => [...(plain.split(`${selector} {`)[1]?.split('}')[0] ?? '').matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]);
  return new Map([...block('\n:root'), ...(theme === 'dark' ? block(":root[data-theme='dark']") : [])]);
}

/** A value without `var()` and `color-mix()`: `#rrggbb`, or what stood there. @throws PaintError for a name that no token has */
export function paint(value: string, tokens: Tokens): string {
  const known = value.replaceAll(/var\((--[\w-]+)(?:,([^()]*(?:\([^()]*\))?[^()]*))?\)/g, (_, name: string, instead?: string) => {
    const found = tokens.get(name) ?? instead;
    if (found === undefined) throw new PaintError(`"${value}" names ${name}, which is no token; there are ${[...tokens.keys()].join(', ')}`);
    return paint(found.trim(), tokens);
  });
  return known.replaceAll(/color-mix\(in srgb, ?(#[\da-f]{3,6}) (\d+)%, ?(#[\da-f]{3,6}|transparent)\)/g, (_, first: string, share: string, second: string) => (
    second === 'transparent' ? `${sixDigits(first)}${hex((Number(share) * 255) / 100)}` : mixed(first, second, Number(share) / 100)));
}

function mixed(first: string, second: string, share: number): string {
  const [a, b] = [channels(first), channels(second)];
  return `#${a.map((channel, index) => hex(channel * share + (b[index] ?? 0) * (1 - share))).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(sixDigits(colour).slice(at, at + 2), 16));
}

function sixDigits(colour: string): string {
  return colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : colour;
}

function hex(channel: number): string {
  return Math.round(channel).toString(16).padStart(2, '0');
}
