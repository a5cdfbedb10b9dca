/** The smallest valid entries, for tests: change one thing and see what is said about it. */
import type { Current, Guide, Pattern, Problem, Source } from './schema.ts';

export function samplePattern(change: Partial<Current<Pattern>> = {}): Current<Pattern> {
  return {
    kind: 'pattern',
    title: 'Steady Hand',
    description: 'Keeps the cup level while the tram brakes.',
    status: 'reviewed',
    reviewed: '2026-11-21',
    changes: [{ version: '1.0', date: '2026-11-21', what: 'First published.' }],
    sources: ['first-source', 'second-source'],
    category: 'resilience',
    alsoKnownAs: ['Level Cup'],
    notToBeConfusedWith: [],
    symptoms: Array.from({ length: 8 }, (_, index) => `Coffee is on the floor after stop ${index + 1}.`),
    errorTexts: [],
    alsoSaid: [],
    useWhen: ['The tram brakes hard.', 'The cup is full.', 'Nobody holds the cup.'],
    notWhen: [
      { when: 'The cup is empty.', instead: 'Do nothing' },
      { when: 'The tram stands still.', instead: 'Do nothing' },
      { when: 'There is a lid.', instead: 'Trust the lid' },
    ],
    forces: { 'must-answer-now': 1 },
    relations: [],
    tradeOffs: { availability: { value: 1, why: 'The coffee stays available.' } },
    elsewhere: [],
    libraries: [],
    ...change,
  };
}

export function sampleGuide(change: Partial<Current<Guide>> = {}): Current<Guide> {
  return {
    kind: 'guide',
    title: 'From stop to stop with a full cup',
    description: 'The patterns that bring a full cup through a tram ride.',
    status: 'reviewed',
    reviewed: '2026-11-21',
    changes: [{ version: '1.0', date: '2026-11-21', what: 'First published.' }],
    sources: ['first-source'],
    order: 1,
    patterns: ['steady-hand'],
    ...change,
  };
}

export function sampleProblem(change: Partial<Current<Problem>> = {}): Current<Problem> {
  return {
    kind: 'problem',
    title: 'Coffee is spilled',
    description: 'The floor of the tram is wet after every stop.',
    status: 'reviewed',
    reviewed: '2026-11-21',
    changes: [{ version: '1.0', date: '2026-11-21', what: 'First published.' }],
    sources: ['first-source'],
    group: 'down',
    symptoms: ['The floor is wet.', 'Shoes stick to the floor.', 'The cup is half empty.', 'Passengers complain.'],
    questions: [
      { ask: 'Does it happen at every stop?', tells: 'Then it is the brakes.' },
      { ask: 'Does it happen with a lid?', tells: 'Then it is the cup.' },
    ],
    candidates: [
      { when: 'The tram brakes hard', pattern: 'steady-hand', because: 'It keeps the cup level.' },
      { when: 'The cup leaks', do: 'Buy another cup', because: 'No hand is steady enough.' },
    ],
    ...change,
  };
}

/** The same entry after another took its place. */
export function superseded<Data extends Current<Pattern> | Current<Guide> | Current<Problem>>(data: Data, supersededBy: string) {
  return { ...data, status: 'superseded' as const, supersededBy };
}

export function sampleSource(change: Partial<Source> = {}): Source {
  return { kind: 'article', title: 'On Cups', authors: ['Ada Example'], publisher: 'Example Press', url: 'https://example.org/cups', opened: '2026-11-21', ...change };
}
