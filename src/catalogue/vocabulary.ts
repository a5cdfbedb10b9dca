/** The fixed words of the catalogue. Nothing but names is imported, so that schema, finder, sidebar and browser share one list. */
import { categoryLabels } from './names.ts';
import type { Category, Force } from './names.ts';

export type { Category, Force };

export const categories = {
  decomposition: { label: categoryLabels.decomposition, line: 'Where to cut the system, and how to get there' },
  integration: { label: categoryLabels.integration, line: 'How services reach, call and compose each other' },
  data: { label: categoryLabels.data, line: 'Who owns data, and how it stays consistent' },
  resilience: { label: categoryLabels.resilience, line: 'How a fault stays small' },
  observability: { label: categoryLabels.observability, line: 'How you know what is going on' },
} as const;

/**
 * `outline`: frontmatter only, known to the finder, no page. `draft`: a page that nobody has reviewed. `reviewed`: read from top to
 * bottom on the date in `reviewed`. `stable`: read again long after, and it held. `superseded`: another page took its place.
 */
export const statuses = ['outline', 'draft', 'reviewed', 'stable', 'superseded'] as const;
export type Status = (typeof statuses)[number];

const publishedStatuses = ['reviewed', 'stable', 'superseded'] as const satisfies Status[];
export type PublishedStatus = (typeof publishedStatuses)[number];

/** Whether somebody has reviewed the page: only then is it listed, cited, kept by version and told to programs. */
export function isPublished<Data extends { status: string }>(data: Data): data is Data & { status: PublishedStatus } {
  return (publishedStatuses as readonly string[]).includes(data.status);
}

/** Whether no other page took its place: only then does it stand in lists. Its address, its versions and its citation stay. */
export function isCurrent<Data extends { status: string }>(data: Data): data is Data & { status: Exclude<PublishedStatus, 'superseded'> } {
  return isPublished(data) && data.status !== 'superseded';
}

/** Stated once, on one page; `inverse` is what the other page shows. */
export const relationKinds = {
  requires: { label: 'Requires', inverse: 'Required by' },
  complements: { label: 'Often with', inverse: 'Often with' },
  'alternative-to': { label: 'Alternative to', inverse: 'Alternative to' },
  refines: { label: 'Refines', inverse: 'Refined by' },
  'leads-to': { label: 'Leads to', inverse: 'Follows from' },
  'conflicts-with': { label: 'Conflicts with', inverse: 'Conflicts with' },
} as const;
export type RelationKind = keyof typeof relationKinds;

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
} as const satisfies Record<Force, string>;

/** −2 (much worse with the pattern) to +2 (much better). */
export const tradeOffAxes = {
  consistency: 'Consistency',
  availability: 'Availability',
  latency: 'Latency',
  coupling: 'Coupling',
  'operational-load': 'Operational load',
  'team-skill': 'Team skill',
  cost: 'Cost',
  reversibility: 'Reversibility',
} as const;
export type TradeOffAxis = keyof typeof tradeOffAxes;

/** Groups of problems, in the words of somebody who has one. */
export const problemGroups = {
  'data-is-wrong': 'Data is wrong',
  slow: 'It is slow',
  down: 'It is down',
  'hard-to-change': 'It is hard to change',
  'hard-to-see': 'It is hard to see',
  'hard-to-grow': 'It is hard to grow',
} as const;
export type ProblemGroup = keyof typeof problemGroups;

export const sourceKinds = ['book', 'paper', 'article', 'documentation', 'standard', 'talk', 'repository', 'post-mortem'] as const;
export type SourceKind = (typeof sourceKinds)[number];
