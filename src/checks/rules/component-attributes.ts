import { nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import { authorsComponents } from '../components.ts';
import type { KnownComponent } from '../components.ts';
import type { ContentTree } from '../content-tree.ts';
import { componentsOf } from '../mdx-page.ts';
import type { Component } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Rule } from '../rule.ts';

export const componentAttributes: Rule = {
  id: 'component-attributes',
  title: 'A component has the attributes that it knows',
  holds: 'always',
  check(tree) {
    const known = authorsComponents(tree);
    return writtenPages(tree).flatMap((page) => componentsOf(page).flatMap((component) => {
      const named = known.get(component.name);
      return named === undefined ? [] : [...unknown(tree, page.file, component, named), ...missing(tree, page.file, component, named)];
    }));
  },
};

function unknown(tree: ContentTree, file: string, component: Component, { name, attributes }: KnownComponent): Breach[] {
  const names = attributes.map((each) => each.name);
  return Object.keys(component.attributes).filter((attribute) => !names.includes(attribute)).map((attribute) => {
    const near = nearestWord(attribute, names.filter((each) => !(each in component.attributes)));
    const start = tree.read(file).indexOf(attribute, component.start + 1 + name.length);
    return atOffset(tree, file, start, {
      found: `"${attribute}", an attribute that ${name} does not know`,
      expected: names.length === 0 ? `<${name} />, without attributes` : `one of ${names.join(', ')}`,
      nearest: near,
      mend: near === undefined ? 'take the attribute out' : `write ${near}`,
      fix: near === undefined ? undefined : { file, start, end: start + attribute.length, text: near },
    });
  });
}

function missing(tree: ContentTree, file: string, component: Component, { name, attributes }: KnownComponent): Breach[] {
  const given = Object.keys(component.attributes);
  const isNear = (attribute: string): boolean => given.some((each) => !attributes.some((other) => other.name === each) && nearestWord(each, [attribute]) !== undefined);
  return attributes.filter((each) => each.required && !given.includes(each.name) && !isNear(each.name)).map((each) => atOffset(tree, file, component.start, {
    found: `<${name}> without "${each.name}"`,
    expected: `<${name} ${attributes.filter(({ required }) => required).map((attribute) => `${attribute.name}="…"`).join(' ')} />`,
    mend: `add ${each.name}="…"`,
  }));
}
