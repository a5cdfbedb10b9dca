/** Who signs a page, and what it is a part of; the same as in CITATION.cff, which a test compares. */
export const authors = 'The Pattern Atlas authors';
export const atlas = 'Pattern Atlas';
export const licence = { name: 'CC BY 4.0', address: 'https://creativecommons.org/licenses/by/4.0/' };
/** The language of every page, as BCP 47 writes it. */
export const language = 'en-GB';
