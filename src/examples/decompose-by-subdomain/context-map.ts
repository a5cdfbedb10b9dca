import { importsIn, moduleOf } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';

/** How one context takes what another means: it uses the same types, or turns them into its own in one file. */
export type Relation =
  | { readonly from: string; readonly to: string; readonly as: 'conformist' }
  | { readonly from: string; readonly to: string; readonly as: 'translation'; readonly in: string };

export interface ContextMap {
  /** The words of each context that others hear, and what they mean there. */
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly relations: readonly Relation[];
}

export interface Mistake {
  readonly rule: 'not on the map' | 'past the translation' | 'unused' | 'word without meaning' | 'word without type';
  readonly file: string;
  readonly found: string;
}

// #region map
export const contextMap: ContextMap = {
  words: {
    catalogue: { Product: 'what is offered: title, price, and whether it is still sold' },
    inventory: { Pieces: 'so many of one product' },
    payments: { Charge: 'what a customer owes for an order' },
    orders: {
      Order: 'what a customer has bought, with the total',
      Basket: 'what a customer wants to buy',
      PlacedListener: 'who wants to be told of an order',
      Needed: 'the contexts that an order asks',
    },
    shipping: {
      Product: 'what is carried: weight, and whether it may break',
      Recipient: 'where it goes',
    },
  },
  relations: [
    { from: 'catalogue', to: 'orders', as: 'conformist' },
    { from: 'inventory', to: 'orders', as: 'conformist' },
    { from: 'payments', to: 'orders', as: 'conformist' },
    { from: 'orders', to: 'shipping', as: 'translation', in: 'shipping/translation.ts' },
  ],
};
// #endregion map

// #region mistakes
/** Where code and map disagree. It reads imports: a type that the compiler infers has none and escapes it. */
export function mistakes({ words, relations }: ContextMap, sources: Sources): Mistake[] {
  const between = importsIn(sources).flatMap(({ file, target }) => {
    const [to, from] = [moduleOf(file), moduleOf(target)];
    if (to === undefined || from === undefined || to === from) return [];
    return { file, found: `imports ${target}`, relation: relations.find((each) => each.from === from && each.to === to) };
  });
  return [
    ...between.flatMap(({ file, found, relation }): Mistake[] => {
      if (relation === undefined) return [{ rule: 'not on the map', file, found }];
      return relation.as === 'translation' && relation.in !== file ? [{ rule: 'past the translation', file, found }] : [];
    }),
    ...relations.filter((each) => !between.some(({ relation }) => relation === each))
      .map((each): Mistake => ({ rule: 'unused', file: `${each.to}/index.ts`, found: `nothing of ${each.from}` })),
    ...Object.entries(words).flatMap(([context, meant]) => wordMistakes(context, meant, sources)),
  ];
}

/** A type that a public face passes on is a word that others hear, so the map has to say what it means there; and the reverse. */
function wordMistakes(context: string, meant: Readonly<Record<string, string>>, sources: Sources): Mistake[] {
  const file = `${context}/index.ts`;
  const heard = [...(sources[file] ?? '').matchAll(/export type \{([^}]*)\}/g)]
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()));
  return [
    ...heard.filter((word) => !Object.hasOwn(meant, word)).map((word): Mistake => ({ rule: 'word without meaning', file, found: word })),
    ...Object.keys(meant).filter((word) => !heard.includes(word)).map((word): Mistake => ({ rule: 'word without type', file, found: word })),
  ];
}
// #endregion mistakes

/** Words that more than one context uses: there, nobody may take the other's type. */
export function homonyms({ words }: ContextMap): string[] {
  const all = Object.values(words).flatMap((meant) => Object.keys(meant));
  return [...new Set(all.filter((word, index) => all.indexOf(word) !== index))];
}
