/**
 * Words of the old warehouse system, which cannot be changed. Only the translation imports this file.
 * A document is one line of fields; every value is text, whatever it means.
 */
export interface GoodsMovement {
  /** Number of the document, ten digits. The same document may be sent again; no other has its number. */
  readonly DOCNO: string;
  /** Kind of movement: 101 goods in, 103 into inspection, 105 released from inspection, 311 from bin to bin. */
  readonly MVT: string;
  /** Eight digits. The warehouse does not know the names that the shop gives to its products. */
  readonly ITEMNO: string;
  /** Five digits, in units of `UOM`. A minus behind them stands for a reversal. */
  readonly QTY: string;
  /** PC pieces, CS cases. */
  readonly UOM: string;
  /** Pieces in a case, three digits; 000 where nobody has entered it. */
  readonly PACKSZ: string;
}

/** Answer to a dispatch: 00 taken, 04 taken before, 08 too few in stock. There is no list of the others. */
export interface Reply { readonly RC: string }
