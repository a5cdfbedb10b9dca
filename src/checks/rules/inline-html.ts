import { atOffset } from '../breach.ts';
import { componentsOf } from '../mdx-page.ts';
import type { Component } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const inlineHtml: Rule = {
  id: 'inline-html',
  title: 'Pages are Markdown and components, not HTML',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => componentsOf(page).flatMap((component) => {
      const { name, start, attributes } = component;
      const handlers = Object.keys(attributes).filter((each) => each === 'style' || /^on[a-z]/i.test(each));
      return [
        ...(isForbidden(component, page.kind === 'house') ? [atOffset(tree, page.file, start, { found: `"<${name}>", an element of HTML`, expected: 'Markdown, or a component', mend: markdownFor[name] ?? 'say it in Markdown; what Markdown cannot say is a component' })] : []),
        ...handlers.map((handler) => atOffset(tree, page.file, component.at(handler).start, { found: `"${handler}" on <${name}>`, expected: 'no style and no script in a page', mend: 'take it out; looks and behaviour belong to components' })),
      ];
    }));
  },
};

/** Home and the pages for contributors may hold other elements. */
function isForbidden({ name }: Component, isHouse: boolean): boolean {
  return isHouse ? /^(?:script|style|iframe)$/.test(name) : /^[a-z]/.test(name);
}

const markdownFor: Record<string, string> = {
  a: 'write [words](/address/)',
  b: 'write **words**',
  strong: 'write **words**',
  i: 'write *words*',
  em: 'write *words*',
  code: 'write `words`',
  br: 'begin a new paragraph or a list',
  img: 'draw a diagram, or write ![what it shows](address)',
  script: 'take it out; behaviour belongs to components',
  style: 'take it out; looks belong to components',
};
