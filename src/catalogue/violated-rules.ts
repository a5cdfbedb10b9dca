/** The rules that the build itself refuses to break; `src/checks` says how to mend them. No imports: the type of a violation. */
export const violatedRules = [
  // of one file, by its schema
  'not-yaml', 'unknown-key', 'missing-key', 'wrong-type', 'unknown-word', 'wrong-size', 'wrong-form', 'few-sources', 'not-when-without-instead', 'candidate-without-answer',
  // between entries
  'unknown-pattern', 'relation-to-itself', 'unknown-source', 'wrong-category', 'name-in-symptom', 'relation-twice', 'name-twice', 'slug-twice', 'guide-order',
  // of what only the finder reads
  'questions-file', 'question-twice', 'name-in-question', 'synonyms-file',
  // of the glossary
  'glossary-file',
  // of the sets that are compared
  'comparisons-file',
  // of addresses
  'redirect-twice', 'redirect-chain',
  // of versions
  'version-not-frozen', 'changed-without-version', 'version-lost', 'frozen-text-changed', 'version-without-page',
] as const;
export type ViolatedRule = (typeof violatedRules)[number];
