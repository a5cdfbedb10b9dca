/** What a term means, beside its link: as long as pointer or focus is on either, or until Escape. */
import sheetText from '../styles/term-note.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { fromRoot } from './from-root.ts';
import { node } from './nodes.ts';

interface Meaning { id: string; definition: string; contested?: string }

/** The way from the link to the note, with a pointer. */
const graceMs = 250;
/** Passing over a link is no question. */
const pauseMs = 120;

const note = node('p', 'term-note');
note.id = 'term-note';
note.role = 'tooltip';
let known: Promise<Meaning[]> | undefined;
let described: HTMLAnchorElement | undefined;
let leaving: ReturnType<typeof setTimeout> | undefined;

/** @param link to the glossary, which pointer or focus has reached */
export async function explain(link: HTMLAnchorElement): Promise<void> {
  clearTimeout(leaving);
  if (described === link) return;
  known ??= load();
  const [meanings] = await Promise.all([known, new Promise((resolve) => { setTimeout(resolve, pauseMs); })]);
  const meaning = meanings.find(({ id }) => link.hash === `#${id}`);
  if (meaning !== undefined && isReached(link)) show(link, meaning);
}

function load(): Promise<Meaning[]> {
  adoptSheet(sheetText);
  note.addEventListener('pointerenter', () => clearTimeout(leaving));
  note.addEventListener('pointerleave', leave);
  document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') hide(); });
  addEventListener('scroll', () => { if (described !== undefined) place(described); }, { passive: true });
  const answer = fetch(fromRoot('/glossary.json')).then((response) => response.json() as Promise<{ terms: Meaning[] }>).then(({ terms }) => terms);
  answer.catch(() => { known = undefined; });
  return answer;
}

function show(link: HTMLAnchorElement, { definition, contested }: Meaning): void {
  hide();
  described = link;
  note.replaceChildren(definition, ...(contested === undefined ? [] : [' ', node('b', '', 'Contested.'), ` ${contested}`]));
  (link.closest('main') ?? document.body).append(note);
  link.setAttribute('aria-describedby', note.id);
  link.addEventListener('pointerleave', leave);
  link.addEventListener('blur', leave);
  place(link);
}

/** Below the last line of the link, or above the first where there is no room. */
function place(link: HTMLAnchorElement): void {
  const lines = [...link.getClientRects()];
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return;
  const { offsetWidth: width, offsetHeight: height } = note;
  const edge = 12;
  const [above, below] = [first.top - 6 - height, last.bottom + 6];
  note.style.left = `${Math.max(edge, Math.min(last.left, document.documentElement.clientWidth - width - edge))}px`;
  note.style.top = `${below + height + edge > innerHeight && above > 0 ? above : below}px`;
}

function leave(): void {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (described !== undefined && !isReached(described) && !note.matches(':hover')) hide();
  }, graceMs);
}

function isReached(link: HTMLAnchorElement): boolean {
  return link.matches(':hover') || document.activeElement === link;
}

function hide(): void {
  clearTimeout(leaving);
  described?.removeAttribute('aria-describedby');
  described?.removeEventListener('pointerleave', leave);
  described?.removeEventListener('blur', leave);
  described = undefined;
  note.remove();
}
