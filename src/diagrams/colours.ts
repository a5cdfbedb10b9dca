/**
 * Mermaid computes with colours and therefore accepts no `var()`. Each token gets a colour that nobody
 * would choose; once the drawing is done that colour is replaced by `var(--dg-token)`, and light and
 * dark are plain CSS (diagrams.css).
 */
export const TOKENS = [
  'bg',
  'fg',
  'muted',
  'line',
  'node',
  'node-line',
  'group',
  'group-line',
  'alt',
  'note',
  'note-fg',
  'note-line',
  'accent',
  'danger',
  'ok',
] as const;

export type Token = (typeof TOKENS)[number];

/** The stand-in colour of a token. */
export function sentinel(token: Token): string {
  return `#e1${level(TOKENS.indexOf(token)).toString(16).padStart(2, '0')}7b`;
}

/** Replaces stand-ins and the literals that Mermaid hard-codes; collects what remains into `unknown`. */
export function tokenise(value: string, unknown?: Set<string>): string {
  return value.replace(COLOUR, (text) => {
    const colour = parseColour(text);
    const token = colour && TOKEN_OF.get(colour.rgb.join(','));
    if (!token) {
      unknown?.add(text);
      return text;
    }
    if (colour.alpha >= 1) return `var(--dg-${token})`;
    if (colour.alpha === 0) return 'transparent';
    return `color-mix(in srgb,var(--dg-${token}) ${Math.round(colour.alpha * 100)}%,transparent)`;
  });
}

/**
 * Sequence diagrams colour a block with `rect rgb(…)`, literal by grammar. The nearest tint by hue
 * follows the theme where the literal would not.
 */
export function nearestTint(value: string): string {
  const rgb = parseColour(value)?.rgb;
  if (!rgb) return tint('alt');
  const [red, green, blue] = rgb.map((channel) => channel / 255) as [number, number, number];
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread < 0.03) return tint('alt');
  const sector = most === red ? (green - blue) / spread : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  const hue = (sector * 60 + 360) % 360;
  if (hue < 25 || hue >= 320) return tint('danger');
  if (hue < 70) return tint('note');
  return tint(hue < 175 ? 'ok' : 'accent');
}

interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly alpha: number;
}

const COLOUR =
  /#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|(?<![-\w.#])(?:black|white|gr[ae]y|lightgr[ae]y|red|green|blue|navy|orange|yellow|pink|purple)(?![-\w(])/gi;

const NAMED: Record<string, readonly [number, number, number]> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  lightgray: [211, 211, 211],
  lightgrey: [211, 211, 211],
};

/** Colours that Mermaid writes whatever the theme says. */
const HARD_CODED: Record<string, Token> = {
  '0,0,0': 'fg',
  '17,17,17': 'fg',
  '51,51,51': 'fg',
  '68,68,68': 'muted',
  '102,102,102': 'line',
  '128,128,128': 'line',
  '153,153,153': 'line',
  '204,204,204': 'group-line',
  '211,211,211': 'group-line',
  '221,221,221': 'group-line',
  '224,224,224': 'group',
  '232,232,232': 'alt',
  '234,234,234': 'node',
  '237,242,174': 'note',
  '238,238,238': 'alt',
  '239,239,239': 'alt',
  '245,245,245': 'alt',
  '255,255,255': 'bg',
};

const TOKEN_OF = new Map<string, Token>([
  ...Object.entries(HARD_CODED),
  ...TOKENS.map((token, index) => [`225,${level(index)},123`, token] as const),
]);

function level(index: number): number {
  return index * 7 + 3;
}

function tint(token: Token): string {
  return `var(--dg-${token})`;
}

function parseColour(text: string): Colour | undefined {
  const lower = text.trim().toLowerCase();
  const named = NAMED[lower];
  if (named) return { rgb: named, alpha: 1 };
  if (lower.startsWith('#')) return parseHex(lower.slice(1));
  const [first = 0, second = 0, third = 0, alpha = 1] = (lower.match(/-?[\d.]+/g) ?? []).map(Number);
  if (lower.startsWith('rgb')) return { rgb: [Math.round(first), Math.round(second), Math.round(third)], alpha };
  return lower.startsWith('hsl') ? { rgb: fromHsl(first, second / 100, third / 100), alpha } : undefined;
}

function parseHex(digits: string): Colour {
  const full = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const channel = (index: number): number => Number.parseInt(full.slice(index, index + 2), 16);
  return { rgb: [channel(0), channel(2), channel(4)], alpha: full.length === 8 ? channel(6) / 255 : 1 };
}

function fromHsl(hue: number, saturation: number, lightness: number): [number, number, number] {
  const channel = (offset: number): number => {
    const k = (((offset + hue / 30) % 12) + 12) % 12;
    const chroma = saturation * Math.min(lightness, 1 - lightness);
    return Math.round((lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))) * 255);
  };
  return [channel(0), channel(8), channel(4)];
}
