import { tokenise } from './colours.ts';
import { parseDeclarations } from './dom-names.ts';
import { rounded } from './svg-elements.ts';

/** Makes the attributes of one element safe, themed and short. */
export function cleanAttributes(element: Element, unknownColours: Set<string>): void {
  keepOnlySafe(element);
  styleToAttributes(element, unknownColours);
  for (const { name, value } of [...element.attributes]) {
    if (COLOURS.has(name) && value !== 'none') element.setAttribute(name, tokenise(value, unknownColours));
    else if (NUMBERS.has(name)) element.setAttribute(name, roundNumbers(value));
    else if (name === 'class') setOrRemove(element, 'class', keptClasses(value));
    else if ((name === 'font-style' || name === 'font-weight') && value === 'normal') element.removeAttribute(name);
  }
}

const XLINK = 'http://www.w3.org/1999/xlink';

/** Attributes that only Mermaid's own scripts read. */
const UNREAD = new Set(['xmlns:xlink', 'label-offset-y', 'alignment-baseline', 'name', 'title', 'font-family', 'requiredFeatures']);

const COLOURS = new Set(['fill', 'stroke', 'stop-color', 'color', 'flood-color']);

const NUMBERS = new Set(
  'd transform x y x1 y1 x2 y2 width height points cx cy r rx ry viewBox dx dy stroke-dasharray refX refY'.split(' '),
);

/** Properties that exist as attributes too: shorter there, and untouched by a policy against inline styles. */
const PRESENTATION = new Set(
  ('fill stroke stroke-width stroke-dasharray stroke-dashoffset text-anchor font-size font-weight font-style opacity ' +
    'fill-opacity stroke-opacity dominant-baseline visibility stroke-linecap stroke-linejoin').split(' '),
);

/** Properties that mean nothing in the cleaned drawing, or that the site's own sheet decides. */
const IGNORED = new Set(
  'font-family max-width line-height white-space text-align background-color width height overflow cursor'.split(' '),
);

function keepOnlySafe(element: Element): void {
  const href = element.getAttribute('xlink:href') ?? element.getAttributeNS(XLINK, 'href');
  element.removeAttribute('xlink:href');
  element.removeAttributeNS(XLINK, 'href');
  if (href !== null && !element.hasAttribute('href')) element.setAttribute('href', href);
  for (const { name, value } of [...element.attributes]) {
    const isScript = /^on/i.test(name) || (name === 'href' && /^\s*(?:javascript|data|vbscript):/i.test(value));
    if (isScript || UNREAD.has(name) || name.startsWith('data-')) element.removeAttribute(name);
  }
}

function styleToAttributes(element: Element, unknownColours: Set<string>): void {
  const style = element.getAttribute('style');
  if (style === null) return;
  element.removeAttribute('style');
  const kept: string[] = [];
  for (const [property, value] of parseDeclarations(style)) {
    if (IGNORED.has(property) || (property === 'font-weight' && (value === '400' || value === 'normal'))) continue;
    if (property === 'display' && value === 'none') element.setAttribute('display', 'none');
    else if (isAuthorColour(element, property, value)) kept.push(`${property === 'color' ? 'fill' : property}:${value}`);
    else if (PRESENTATION.has(property)) element.setAttribute(property, value.replace(/px$/, ''));
    else kept.push(`${property}:${value}`);
  }
  if (kept.length > 0) element.setAttribute('style', tokenise(kept.join(';'), unknownColours));
}

/** Colours set by a `classDef` or a `style` line outrank the sheet, which an attribute would not. */
function isAuthorColour(element: Element, property: string, value: string): boolean {
  if (!/^(?:fill|stroke|color)$/.test(property) || value === 'none') return false;
  return element.localName === 'text' || element.closest('.node,.actor,.cluster') !== null;
}

function roundNumbers(value: string): string {
  return value.replace(/-?\d*\.\d{2,}(?:e-?\d+)?/g, (number) => String(rounded(Number(number))));
}

function keptClasses(value: string): string {
  const classes = value.split(/\s+/).filter((name) => name && !/^(?:undefined|default|basic)$/.test(name));
  return [...new Set(classes)].join(' ');
}

function setOrRemove(element: Element, name: string, value: string): void {
  if (value === '') element.removeAttribute(name);
  else element.setAttribute(name, value);
}
