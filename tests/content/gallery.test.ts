import { describe, expect, test } from 'vitest';
import { attributesIn, attributesOf, componentSource, isAlive } from '../../src/components/attributes.ts';
import { specimenSource } from '../../src/components/specimen-source.ts';
import { read } from '../architecture/repository.ts';

const door = read('src/components/index.ts');
const components = [...door.matchAll(/export \{ default as (\w+) \}/g)].map(([, name = '']) => name);
const gallery = read('content/docs/contribute/components.mdx');

describe('the gallery of components', () => {
  test('shows each component that authors may use, below a heading with its name', () => {
    expect(components.length).toBeGreaterThan(15);
    expect(door.split('\n').filter((line) => line.startsWith('export'))).toHaveLength(components.length);
    expect(components.filter((name) => !gallery.includes(`\n### ${name}\n`))).toEqual([]);
    for (const name of components) expect(specimenSource(gallery, name), name).toMatch(new RegExp(`<${name}\\b`));
  });

  test('names each attribute of each of them, and says what it means', () => {
    const all = components.map((name) => [name, attributesOf(name)] as const);
    expect(Object.fromEntries(all.map(([name, attributes]) => [name, attributes.map(({ name: each }) => each)]))).toMatchObject({ Ref: ['to', 'at'], Snippet: ['file', 'region'], Forces: [] });
    for (const [name, attributes] of all) {
      const taken = /const \{([^}]*)\} = Astro\.props/.exec(componentSource(name))?.[1] ?? '';
      expect(attributes.map(({ name: each }) => each).sort(), name).toEqual(taken.split(',').map((each) => each.trim().split(/[:=\s]/)[0] ?? '').filter((each) => each !== '').sort());
    }
  });

  test('says what a reader without JavaScript gets, where that differs', () => {
    expect(components.filter((name) => isAlive(componentSource(name)))).toEqual(['NearestPages', 'PostgresLab', 'Simulator', 'Snippet']);
    for (const name of components.filter((each) => isAlive(componentSource(each)))) expect(gallery).toMatch(new RegExp(`<Specimen of="${name}" bare="[^"]{8,}">`));
  });
});

describe('attributesIn', () => {
  const props = (lines: string): string => `---\ninterface Props {\n${lines}}\n---\n`;

  test('reads names, types and what they mean', () => {
    expect(attributesIn('X', props('  /** Where to. */\n  to: string;\n  /** How. */\n  at?: string | undefined;\n'))).toEqual([
      { name: 'to', type: 'string', isRequired: true, means: 'Where to.' },
      { name: 'at', type: 'string', isRequired: false, means: 'How.' },
    ]);
    expect(attributesIn('X', '---\n---\n<p />')).toEqual([]);
  });

  test('refuses what it cannot tell', () => {
    expect(() => attributesIn('X', props('  to: string;\n'))).toThrow('src/components/X.astro: attribute "to" has no comment');
    expect(() => attributesIn('X', '---\nconst { to } = Astro.props;\n---\n')).toThrow('has no "interface Props {"');
    expect(() => attributesIn('X', props('  /** Both. */\n  to: string; at: string\n'))).toThrow('on a line of its own');
    expect(() => attributesOf('Snipet')).toThrow('Did you mean "Snippet"?');
  });
});

describe('specimenSource', () => {
  const page = 'Text.\n\n<Specimen of="Ref" bare="Same.">\n\nA claim. <Ref to="a" />\n\n</Specimen>\n\n<Specimen of="Specimen">\n\n```mdx\n<Specimen of="Ref">\n</Specimen>\n```\n\n</Specimen>\n';

  test('is what stands between the tags; tags in code are no tags', () => {
    expect(specimenSource(page, 'Ref')).toBe('A claim. <Ref to="a" />');
    expect(specimenSource(page, 'Specimen')).toBe('```mdx\n<Specimen of="Ref">\n</Specimen>\n```');
  });

  test('says what is missing', () => {
    expect(() => specimenSource(page, 'Forces')).toThrow('it stands there 0 times');
    expect(() => specimenSource(`${page}\n<Specimen of="Ref">\n`, 'Ref')).toThrow('it stands there 2 times');
    expect(() => specimenSource('<Specimen of="Ref">\n', 'Ref')).toThrow('is not closed');
  });
});
