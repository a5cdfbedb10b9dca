import { expect, test } from 'vitest';
import { patternPageSchema, plainSchema } from './schema.ts';

test('the longest titles that patterns may have fit the pages that compare them', () => {
  const longest = 'T'.repeat(70);
  expect(patternPageSchema.shape.title.safeParse(longest).success).toBe(true);
  expect(patternPageSchema.shape.title.safeParse(`${longest}T`).success).toBe(false);
  const { title, description } = plainSchema.shape;
  expect(title.safeParse(`${longest} or ${longest}: which one?`).success).toBe(true);
  expect(description.safeParse(`${longest}, ${longest}, ${longest} and ${longest} side by side: what decides, the forces, when not to use each, and what it costs.`).success).toBe(true);
});
