/** Three patterns and a problem, small enough to reason about, for the tests of this room. */
import type { Answer, PatternSource, ProblemSource } from './pages.ts';
import { answerOf } from './pages.ts';
import type { IndexFile } from './index-file.ts';
import { packIndex } from './pack.ts';
import { synonymGroups } from './synonyms.ts';

const empty = { status: 'reviewed', alsoKnownAs: [], errorTexts: [], alsoSaid: [], forces: {}, relations: [], tradeOffs: {}, elsewhere: [], changes: [{ version: '1.0' }] } as const;

export const samplePatterns: PatternSource[] = [
  { slug: 'kettle-lid', data: {
    ...empty, title: 'Kettle Lid', category: 'resilience', description: 'Keeps the steam in, so that water boils sooner.', alsoKnownAs: ['cover'],
    symptoms: ['The water takes for ever to boil.', 'The kitchen window is wet with steam.'], errorTexts: ['E_THERMOSTAT after 300s'],
    useWhen: ['You heat water in an open vessel.'],
    notWhen: [{ when: 'The milk boils over', instead: 'Leave it open.' }, { when: 'You want steam in the room', instead: 'Take it off.', see: 'tea-egg' }],
    forces: { 'tight-latency': 2, 'no-broker': -1 }, relations: [{ to: 'tea-egg', as: 'requires', why: 'Hot water alone is no tea.' }],
  } },
  { slug: 'tea-egg', data: {
    ...empty, title: 'Tea Egg', category: 'data', description: 'Holds the leaves together, so that none floats in the cup.',
    symptoms: ['There are leaves between my teeth.', 'The sink is blocked with wet leaves two times a week.'],
    useWhen: ['Leaves are loose.'], notWhen: [{ when: 'The tea comes in bags', instead: 'Use the bag.' }],
  } },
  { slug: 'biscuit-tin', data: {
    ...empty, title: 'Biscuit Tin', category: 'integration', description: 'Keeps biscuits dry.',
    symptoms: ['The biscuits bend instead of breaking.', 'Ants walk over the plate.'],
    useWhen: ['Biscuits last longer than a day.'], notWhen: [{ when: 'They are eaten at once', instead: 'Use a plate.' }],
  } },
];

export const sampleProblems: ProblemSource[] = [
  { slug: 'breakfast-is-late', data: {
    title: 'Breakfast is late', description: 'Everybody waits for the tea.', group: 'slow', status: 'reviewed',
    symptoms: ['The children leave without a drink.', 'We queue in front of the stove.'], candidates: [{ pattern: 'kettle-lid', when: 'The water is cold' }, { pattern: 'tea-egg', when: 'The leaves are loose' }, { when: 'Nobody is thirsty' }],
    changes: [{ version: '1.1' }],
  } },
];

export const sampleIndex: IndexFile = packIndex({ patterns: samplePatterns, problems: sampleProblems, synonyms: synonymGroups([['boil', 'simmer', 'bubble up'], ['biscuit', 'cookie'], ['twice', 'two times']]) });

export function sampleAnswer(slug: string): Answer {
  const pattern = samplePatterns.find((each) => each.slug === slug);
  if (pattern === undefined) throw new RangeError(`no sample pattern "${slug}"`);
  return answerOf(pattern, samplePatterns, sampleProblems);
}
