import type { Architecture } from './boundaries.ts';

// #region modules
/** Every module, and the modules whose public face it may import. */
export const architecture: Architecture = {
  modules: {
    catalogue: [],
    inventory: [],
    payments: [],
    orders: ['catalogue', 'inventory', 'payments'],
    shipping: ['orders'],
  },
  shared: ['database.ts'],
};
// #endregion modules
