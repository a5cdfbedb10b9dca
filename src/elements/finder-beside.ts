/** What comes after the first names, in one file: reasons, neighbours and questions. Ranking does not wait for it. */
export { suspects } from '../finder/misses.ts';
export { questionKey } from '../finder/questions.ts';
export { actions } from './finder-actions.ts';
export { neighbours } from './finder-neighbours.ts';
export { fillPanel, wayTo } from './finder-panel.ts';
export { fillCard } from './finder-reasons.ts';
