/** What the finder ranks by, fetched when a reader goes to the box. */
import type { APIRoute } from 'astro';
import { knownPatterns, problemPages } from '../catalogue/entries.ts';
import { readQuestions } from '../catalogue/files.ts';
import { readKinWords } from '../catalogue/kin-words.ts';
import { readSynonyms } from '../catalogue/synonyms.ts';
import { kinTable } from '../finder/kin.ts';
import { packIndex } from '../finder/pack.ts';
import { synonymGroups } from '../finder/synonyms.ts';

export const GET: APIRoute = async () => Response.json(packIndex({ patterns: await knownPatterns(), problems: await problemPages(), synonyms: synonymGroups(readSynonyms()), questions: readQuestions(), kin: kinTable(readKinWords()) }));
