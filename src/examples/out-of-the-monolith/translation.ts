/** A product as the new service sees it. */
export interface Product { readonly priceCents: number; readonly isSold: boolean }

/** A row of the monolith: euros as text, and a flag that only its programmers understand. */
export interface Article { readonly number: string; readonly price: string; readonly flags: string }

/** A row that means nothing on the other side. Better one that is missing than one that is guessed. */
export class UntranslatableError extends Error {
  override readonly name = 'UntranslatableError';
}

// #region translate
/** The only place that knows both models. Never rounds, since it must lead back. */
export function productOf({ number, price, flags }: Article): Product {
  const [, euros, cents] = /^(\d{1,7})\.(\d\d)$/.exec(price) ?? [];
  if (euros === undefined) {
    throw new UntranslatableError(`article ${number} costs '${price}'`);
  }
  if (!/^X?$/.test(flags)) {
    throw new UntranslatableError(`article ${number} has flags '${flags}'`);
  }
  return { priceCents: Number(euros) * 100 + Number(cents), isSold: flags === '' };
}

export function articleOf(number: string, { priceCents, isSold }: Product): Article {
  const fits = Number.isInteger(priceCents) && priceCents >= 0 && priceCents < 1e9;
  if (!fits) throw new UntranslatableError(`${number} costs ${priceCents} cents`);
  const cents = String(priceCents % 100).padStart(2, '0');
  const price = `${Math.floor(priceCents / 100)}.${cents}`;
  return { number, price, flags: isSold ? '' : 'X' };
}
// #endregion translate
