import { describe, expect, test } from 'vitest';
import { decidingOf } from './deciding.ts';
import { axisRows, axisWord, forceRows, forceWord, verdictOf } from './differences.ts';
import { sampleCompared } from './sample.ts';

describe('differences', () => {
  test('are opposed where one gains what another loses, and the same only where all are equal', () => {
    expect(verdictOf([2, -1])).toBe('apart');
    expect(verdictOf([0, -1])).toBe('differs');
    expect(verdictOf([1, 2, 2])).toBe('differs');
    expect(verdictOf([-1, -1, -1])).toBe('same');
  });

  test('have a sign and a word for each weight', () => {
    expect([-2, -1, 0, 1, 2].map((value) => Object.values(axisWord(value)).join(' '))).toEqual(['−− much worse', '− worse', '· about the same', '+ better', '++ much better']);
    expect([-2, -1, 0, 1, 2].map((value) => Object.values(forceWord(value)).join(' '))).toEqual(['−− speaks strongly against it', '− speaks against it', '· says nothing of it', '+ speaks for it', '++ speaks strongly for it']);
  });

  test('of forces: those that tell most come first, what concerns none of them is left out', () => {
    const rows = forceRows([sampleCompared('steady-hand', { forces: { 'must-answer-now': 1, 'no-broker': 2, polyglot: 1 } }), sampleCompared('deep-cup', { forces: { 'must-answer-now': 1, 'no-broker': -2 } })]);
    expect(rows.map(({ force, values, verdict }) => [force, values, verdict])).toEqual([['no-broker', [2, -2], 'apart'], ['polyglot', [1, 0], 'differs'], ['must-answer-now', [1, 1], 'same']]);
  });

  test('of trade-offs: in the fixed order, without a verdict where a page is still to be written', () => {
    const one = sampleCompared('steady-hand', { tradeOffs: { cost: { value: 1, why: 'No new cup' }, latency: { value: -1, why: 'Slow' } } });
    const other = sampleCompared('deep-cup', { tradeOffs: { cost: { value: -1, why: 'A new cup' } } });
    expect(axisRows([one, other]).map(({ axis, values, verdict }) => [axis, values.map((given) => given?.value), verdict])).toEqual([['latency', [-1, 0], 'differs'], ['cost', [1, -1], 'apart']]);
    expect(axisRows([one, sampleCompared('dry-tram')]).map(({ values, verdict }) => [values.map((given) => given?.value), verdict])).toEqual([[[-1, undefined], undefined], [[1, undefined], undefined]]);
    expect(axisRows([sampleCompared('dry-tram')])).toEqual([]);
  });
});

describe('the deciding difference', () => {
  const spill = (at: number, when: string) => [{ slug: 'coffee-on-the-floor', title: 'Coffee on the floor', version: '1.0', candidates: [{ at, when, because: 'It works.' }] }];

  test('is what the page of a problem says that all of them answer, in its order', () => {
    const compared = [sampleCompared('deep-cup', {}, { problems: spill(2, 'The cup is full.') }), sampleCompared('steady-hand', {}, { problems: spill(0, 'Nobody brought a lid') })];
    expect(decidingOf(compared)).toMatchObject({ first: 'Steady Hand if nobody brought a lid; Deep Cup if the cup is full.', from: { slug: 'coffee-on-the-floor' } });
  });

  test('then what one page says of the other, then an exception that leads to it, then opposed forces', () => {
    const relations = [{ to: 'deep-cup', as: 'alternative-to' as const, why: 'One holds the cup, the other needs no hand.' }];
    const notWhen = [{ when: 'The hand is needed elsewhere', instead: 'Take a deeper cup', see: 'deep-cup' }];
    const one = sampleCompared('steady-hand', { relations, notWhen, forces: { 'no-broker': 1 } });
    const other = sampleCompared('deep-cup', { forces: { 'no-broker': -1 } });
    const { first, more, from } = decidingOf([one, other]);
    expect(first).toBe('Steady Hand compared with Deep Cup: one holds the cup, the other needs no hand.');
    expect(from).toBeUndefined();
    expect(more).toEqual(['Deep Cup instead of Steady Hand if the hand is needed elsewhere. Take a deeper cup.', '“There is no message broker, and none is wanted” speaks for Steady Hand and against Deep Cup.']);
  });

  test('a problem that only some of them answer decides between those', () => {
    const three = [sampleCompared('steady-hand', {}, { problems: spill(1, 'It is full') }), sampleCompared('deep-cup', {}, { problems: spill(0, 'It is new') }), sampleCompared('slow-driver', { relations: [{ to: 'deep-cup', as: 'complements', why: 'Both help.' }] })];
    expect(decidingOf(three)).toEqual({ first: 'Slow Driver goes with Deep Cup: both help.', more: ['Deep Cup if it is new; Steady Hand if it is full.'] });
  });

  test('where nothing was written it says so, with the force that tells most', () => {
    expect(decidingOf([sampleCompared('steady-hand', { forces: { 'no-broker': -2 } }), sampleCompared('deep-cup', { forces: {} })]).first)
      .toBe('They answer different problems, and no page of the catalogue weighs one against the other. What tells them apart most: “There is no message broker, and none is wanted” speaks against Steady Hand.');
    expect(decidingOf([sampleCompared(), sampleCompared('deep-cup')]).first).toBe('They answer different problems, and no page of the catalogue weighs one against the other.');
  });
});
