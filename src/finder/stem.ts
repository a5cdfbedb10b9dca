/** English words to stems, after M. F. Porter, "An algorithm for suffix stripping" (1980), with a few steps for this field. */

const stems = new Map<string, string>();

/** The stem of one lower-case word. Both sides of a comparison must be stemmed: "retries" and "retry" are "retri". */
export function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const result = /^[a-z]{3,}$/.test(word) ? strip(irregular.get(word) ?? britishAsAmerican(word)) : word;
  // A reader's text may hold any number of words: the memory of past answers must not grow with it.
  if (stems.size > 20_000) stems.clear();
  stems.set(word, result);
  return result;
}

const irregular = new Map(Object.entries({
  break: 'broke broken', bring: 'brought', build: 'built', catch: 'caught', come: 'came', deal: 'dealt', die: 'dying died dies dead', fail: 'failure failures',
  fall: 'fell fallen', find: 'found', freeze: 'froze frozen', grow: 'grew grown', hang: 'hung', hold: 'held', keep: 'kept', know: 'knew known',
  lose: 'lost loss', pay: 'paid', queue: 'queued', read: 'reads', run: 'ran', see: 'saw seen', send: 'sent', slow: 'slower slowest slowness', take: 'took taken', tell: 'told',
  throw: 'threw thrown', write: 'wrote written', rewrite: 'rewrote rewritten', go: 'went gone goes', big: 'bigger biggest', late: 'later lately latest', old: 'older oldest',
}).flatMap(([base, forms]) => forms.split(' ').map((form): [string, string] => [form, base])));

/** "serialised" and "serialized", "behaviour" and "behavior", "catalogue" and "catalog" become one. */
function britishAsAmerican(word: string): string {
  return word.replace(/is(e|es|ed|er|ers|ing|ation|ations)$/, 'iz$1').replace(/our(s|ed|ing|al)?$/, 'or$1').replace(/ogue(s?)$/, 'og$1').replace(/entre(s?)$/, 'enter$1');
}

function strip(word: string): string {
  let w = word.replace(/^y/, 'Y');
  w = plural(w);
  w = pastAndProgressive(w);
  if (/y$/.test(w) && hasVowel(w.slice(0, -1))) w = `${w.slice(0, -1)}i`;
  w = replaceSuffix(w, doubleSuffixes, 0);
  w = replaceSuffix(w, singleSuffixes, 0);
  w = dropSuffix(w);
  if (w.endsWith('e')) {
    const base = w.slice(0, -1);
    if (measure(base) > 1 || (measure(base) === 1 && !endsShort(base))) w = base;
  }
  if (w.endsWith('ll') && measure(w) > 1) w = w.slice(0, -1);
  return w.toLowerCase();
}

function plural(w: string): string {
  if (w.endsWith('sses') || w.endsWith('ies')) return w.slice(0, -2);
  return w.endsWith('s') && !w.endsWith('ss') ? w.slice(0, -1) : w;
}

function pastAndProgressive(w: string): string {
  if (w.endsWith('eed')) return measure(w.slice(0, -3)) > 0 ? w.slice(0, -1) : w;
  const base = w.replace(/(ed|ing)$/, '');
  if (base === w || !hasVowel(base)) return w;
  if (/(at|bl|iz)$/.test(base)) return `${base}e`;
  if (/([^aeiou])\1$/.test(base) && !/[lsz]$/.test(base)) return base.slice(0, -1);
  return measure(base) === 1 && endsShort(base) ? `${base}e` : base;
}

const doubleSuffixes: readonly (readonly [string, string])[] = [
  ['ational', 'ate'], ['ization', 'ize'], ['iveness', 'ive'], ['fulness', 'ful'], ['ousness', 'ous'], ['tional', 'tion'], ['biliti', 'ble'], ['entli', 'ent'],
  ['ousli', 'ous'], ['ation', 'ate'], ['alism', 'al'], ['aliti', 'al'], ['iviti', 'ive'], ['enci', 'ence'], ['anci', 'ance'], ['izer', 'ize'], ['abli', 'able'],
  ['alli', 'al'], ['ator', 'ate'], ['eli', 'e'],
];
const singleSuffixes: readonly (readonly [string, string])[] = [
  ['icate', 'ic'], ['ative', ''], ['alize', 'al'], ['iciti', 'ic'], ['ical', 'ic'], ['ness', ''], ['ful', ''],
];
const lastSuffixes = ['ement', 'ance', 'ence', 'able', 'ible', 'ment', 'ant', 'ent', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize', 'ion', 'al', 'er', 'ic', 'ou'];

function replaceSuffix(w: string, rules: readonly (readonly [string, string])[], minimum: number): string {
  const rule = rules.find(([suffix]) => w.endsWith(suffix));
  if (rule === undefined) return w;
  const base = w.slice(0, -rule[0].length);
  return measure(base) > minimum ? base + rule[1] : w;
}

function dropSuffix(w: string): string {
  const suffix = lastSuffixes.find((each) => w.endsWith(each));
  if (suffix === undefined) return w;
  const base = w.slice(0, -suffix.length);
  if (suffix === 'ion' && !/[st]$/.test(base)) return w;
  return measure(base) > 1 ? base : w;
}

/** How often a run of vowels is followed by a run of consonants. */
function measure(w: string): number {
  return shape(w).match(/v+c+/g)?.length ?? 0;
}

function hasVowel(w: string): boolean {
  return shape(w).includes('v');
}

/** Consonant, vowel, consonant at the end, the last not w, x or y: "hop", "fil". */
function endsShort(w: string): boolean {
  return shape(w).endsWith('cvc') && !/[wxy]$/.test(w);
}

/** The word as `c` and `v`; y is a vowel after a consonant. */
function shape(w: string): string {
  let result = '';
  for (const letter of w) result += 'aeiou'.includes(letter) || (letter === 'y' && result.endsWith('c')) ? 'v' : 'c';
  return result;
}
