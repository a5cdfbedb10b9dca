/** Of the vocabulary what a reader's browser ranks by and shows: one small file, fetched once. */
export const categoryLabels = {
  decomposition: 'Decomposition',
  integration: 'Integration',
  data: 'Data',
  resilience: 'Resilience',
  observability: 'Observability',
} as const;
export type Category = keyof typeof categoryLabels;

/** A weight from −2 (speaks against the pattern) to +2 (speaks for it). The finder asks these as questions. */
export const forces = {
  'must-answer-now': 'The caller needs its answer within the same request',
  'tight-latency': 'The latency budget is tight',
  'bursty-load': 'Load is high or comes in bursts',
  'long-running-work': 'The work takes longer than a caller will wait',
  'no-broker': 'There is no message broker, and none is wanted',
  'no-new-infrastructure': 'No new component can be operated',
  'relational-database': 'The service has a database with local transactions',
  'shared-legacy-database': 'Several systems share one legacy database',
  'strong-consistency': 'Nobody may see stale or half-finished data',
  'order-matters': 'Events must keep their order',
  'costly-side-effect': 'A doubled or lost effect costs money or trust',
  'audit-required': 'Someone must later prove who did what, and when',
  'cannot-change-client': 'The clients cannot be changed',
  'cannot-change-server': 'The service being called cannot be changed',
  'many-client-kinds': 'Web, mobile and partners need different things',
  'many-consumers': 'Several services need the same fact',
  'many-services': 'One request crosses many services',
  'many-teams': 'Many teams release independently',
  'polyglot': 'Services are written in several languages',
  'small-team': 'One small team runs everything',
  'must-not-stop': 'The system must stay up while it is changed',
  'many-regions': 'The system runs in several regions',
} as const;
export type Force = keyof typeof forces;
/** In an order that packed weights keep: a new one comes last. */
export const forceNames = Object.keys(forces) as [Force, ...Force[]];
