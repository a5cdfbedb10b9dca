import type { Entry } from '../../catalogue/schema.ts';
import { atValue } from '../breach.ts';
import type { Breach, Rule } from '../rule.ts';

export const sentenceTwice: Rule = {
  id: 'sentence-twice',
  title: 'A list says each thing once',
  holds: 'always',
  check: (tree) => tree.pages.flatMap(({ file, data }) => listsOf(data).flatMap(([key, texts]) => {
    const first = new Map<string, number>();
    return texts.flatMap((text, index): Breach[] => {
      const plain = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
      const before = first.get(plain);
      first.set(plain, before ?? index);
      return before === undefined ? [] : [atValue(tree, file, `${key}.${index}`, { found: `"${text}", which stands there twice`, expected: `something else than ${key}.${before} says`, mend: 'take one of the two out, or say what the second adds' })];
    });
  })),
};

function listsOf(data: Entry | undefined): [key: string, texts: readonly string[]][] {
  if (data?.kind === 'pattern') return [['symptoms', data.symptoms], ['errorTexts', data.errorTexts], ['alsoSaid', data.alsoSaid], ['alsoKnownAs', data.alsoKnownAs], ['useWhen', data.useWhen], ['sources', data.sources]];
  if (data?.kind === 'problem') return [['symptoms', data.symptoms], ['sources', data.sources]];
  return data?.kind === 'guide' ? [['patterns', data.patterns], ['sources', data.sources]] : [];
}
