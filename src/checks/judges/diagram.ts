/** Mermaid, which reads each diagram and draws none. */
import { createParse } from '../../diagrams/parse.ts';

export const judging = await createParse();
