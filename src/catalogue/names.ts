/** The names alone of what the vocabulary describes: a reader's browser ranks by them before it shows what they mean. */
export const categoryLabels = {
  decomposition: 'Decomposition',
  integration: 'Integration',
  data: 'Data',
  resilience: 'Resilience',
  observability: 'Observability',
} as const;
export type Category = keyof typeof categoryLabels;

export const forceNames = [
  'must-answer-now',
  'tight-latency',
  'bursty-load',
  'long-running-work',
  'no-broker',
  'no-new-infrastructure',
  'relational-database',
  'shared-legacy-database',
  'strong-consistency',
  'order-matters',
  'costly-side-effect',
  'audit-required',
  'cannot-change-client',
  'cannot-change-server',
  'many-client-kinds',
  'many-consumers',
  'many-services',
  'many-teams',
  'polyglot',
  'small-team',
  'must-not-stop',
  'many-regions',
] as const;
export type Force = (typeof forceNames)[number];
