import type { Architecture, Sources } from '../modular-monolith/boundaries.ts';
import { architecture as shop } from '../modular-monolith/modules.ts';

// #region borders
/** The shop with one module more. It knows two others by their public faces, and nobody has to know it. */
export const architecture: Architecture = {
  ...shop, modules: { ...shop.modules, warehouse: ['inventory', 'orders'] },
};

const foreign = /\b(?:DOCNO|MVT|ITEMNO|QTY|UOM|PACKSZ|RC|GoodsMovement)\b/;
const mayKnow = new Set(['warehouse/foreign.ts', 'warehouse/translation.ts']);

/** Files in which a word of the old warehouse stands and should not. Imports tell of types, this tells of names and texts. */
export function leaks(sources: Sources): string[] {
  return Object.keys(sources).filter((file) => !mayKnow.has(file) && foreign.test(sources[file]!));
}
// #endregion borders
