/** What pages about contributing show of the site itself. */
import { blocks, bullets, fenced, link, numbered, plainLine } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import type { Inside } from './plain-markdown.ts';

export function contributionList({ contributions, absolute }: Atlas): string {
  return numbered(contributions.map(({ path, title, description }) => `${link(title, absolute(path))}: ${plainLine(description)}`));
}

/** A component as an author writes it, what it takes, and what becomes of it. @param bare what it is without a script */
export function specimen(component: string, bare: string | undefined, inside: Inside | undefined, { attributes }: Atlas): string {
  return blocks(
    fenced(inside?.source ?? '', 'mdx'),
    bullets(attributes(component).map(({ name, type, isRequired, means }) => `\`${name}\` (${plainLine(type)}${isRequired ? '' : ', may be left out'}): ${plainLine(means)}`)),
    bare === undefined ? '' : `Without JavaScript: ${plainLine(bare)}`,
    inside?.text ?? '',
  );
}
