/** A thread for Mermaid, which reads each diagram and draws none. */
import { createParse } from '../../diagrams/parse.ts';
import { judging } from './judging.ts';

await judging(await createParse());
