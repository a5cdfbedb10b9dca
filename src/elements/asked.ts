/** What comes when a reader first asks for it, in one file: each file of its own would stand with its name in the script of every page. */
export { followGuide } from './guide-steps.ts';
export { showRecent } from './recently-read.ts';
export { press, showKeys } from './shortcuts.ts';
export { explain } from './term-note.ts';
