/** Forces in words, for those who show them: elements know the catalogue only through this room. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Force } from '../catalogue/vocabulary.ts';

export type { Force };

export const forceTexts: Readonly<Record<Force, string>> = forces;
export const allForces = Object.keys(forces) as Force[];
