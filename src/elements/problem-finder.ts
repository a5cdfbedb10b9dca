/** Ranks patterns on each key; the address is the state. Without it the page is a form and the index of all problems. */
import { loadCorpus } from '../finder/corpus.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { IndexFile } from '../finder/index-file.ts';
import { recommended } from '../finder/fit.ts';
import { rank } from '../finder/rank.ts';
import { longestText } from '../finder/tokens.ts';
import { answerView, mostShown, sentenceFor } from './finder-view.ts';
import type { Answered } from './finder-view.ts';

/** A longer address is cut by chat programs and refused by servers. */
const longestInAddress = 1_000;
const addressDelayMs = 200;
/** A screen reader that speaks at each key says nothing. */
const speechDelayMs = 800;

class ProblemFinder extends HTMLElement {
  #box: HTMLInputElement | null = null;
  #corpus: Promise<Corpus> | undefined;
  readonly #answers = new Map<string, Promise<Answered>>();
  /** The next change of the question becomes an entry of its own in the history. */
  #settled = true;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  #speechTimer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    const box = this.querySelector<HTMLInputElement>('input[name="q"]');
    if (box === null || this.#box !== null) return;
    this.#box = box;
    box.addEventListener('input', () => {
      this.#keepInAddress();
      void this.#answer();
    });
    box.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#settle();
      void this.#answer().then(() => this.#links()[0]?.focus());
    });
    this.addEventListener('keydown', (event) => this.#move(event));
    this.addEventListener('click', (event) => {
      if (event.target instanceof Element && event.target.closest('a') !== null) this.#settle();
    });
    window.addEventListener('popstate', () => this.#readAddress());
    this.#load().catch(() => undefined);
    if (document.activeElement === box && box.value !== '') {
      this.#keepInAddress();
      void this.#answer();
    } else this.#readAddress();
  }

  #readAddress(): void {
    const asked = new URLSearchParams(location.search).getAll('q');
    const text = (asked[0] ?? '').replaceAll('\uFFFD', ' ').trim();
    if (this.#box !== null) this.#box.value = text;
    this.#settled = true;
    void this.#answer(asked.length > 1 || (asked[0] ?? '').includes('\uFFFD') ? 'Part of the address could not be read and was left out.' : '', true);
  }

  #keepInAddress(): void {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => this.#writeAddress(), addressDelayMs);
  }

  #writeAddress(): void {
    clearTimeout(this.#addressTimer);
    const text = this.#question().slice(0, longestInAddress);
    const address = text === '' ? location.pathname : `${location.pathname}?q=${encodeURIComponent(wellFormed(text))}`;
    if (address === location.pathname + location.search) return;
    if (this.#settled) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.#settled = false;
  }

  #settle(): void {
    this.#writeAddress();
    this.#settled = true;
  }

  #question(): string {
    return this.#box?.value.trim() ?? '';
  }

  async #answer(notice = '', arrived = false): Promise<void> {
    const question = this.#question();
    document.documentElement.toggleAttribute('data-asked', question !== '');
    const place = this.querySelector('.finder-answer');
    if (question === '') {
      place?.replaceChildren();
      this.#notify(notice);
      this.#speak('');
      return;
    }
    let corpus: Corpus;
    try {
      corpus = await this.#load();
    } catch {
      document.documentElement.removeAttribute('data-asked');
      place?.replaceChildren();
      this.#notify('The finder could not be loaded. Every problem of the catalogue stands below; the next key tries again.');
      return;
    }
    const ranking = rank(corpus, question);
    // While typing, cards come first and their reasons follow; on arrival a card that grows would move the page.
    if (arrived) await Promise.allSettled(recommended(ranking, mostShown).map(({ slug }) => this.#reasons(slug)));
    if (question !== this.#question()) return;
    const report = `${this.dataset['report']}&symptom=${encodeURIComponent(wellFormed(question.slice(0, longestInAddress)))}`;
    const view = answerView(corpus, ranking, { question, report, reasons: (slug) => this.#reasons(slug) });
    document.documentElement.toggleAttribute('data-asked', view.fits);
    place?.replaceChildren(view.content);
    const cut = question.length > longestText ? `Only the first ${longestText.toLocaleString('en')} characters were read.` : question.length > longestInAddress ? 'The text is too long for an address: a link to this answer holds its beginning.' : '';
    this.#notify([notice, cut].filter((sentence) => sentence !== '').join(' '));
    this.#speak(sentenceFor(view));
  }

  #load(): Promise<Corpus> {
    this.#corpus ??= fetchJson<IndexFile>(this.dataset['index'] ?? '').then(loadCorpus).catch((error: unknown) => {
      this.#corpus = undefined;
      throw error;
    });
    return this.#corpus;
  }

  #reasons(slug: string): Promise<Answered> {
    const known = this.#answers.get(slug);
    if (known !== undefined) return known;
    const answer = fetchJson<Answered>(`${this.dataset['answers']}${slug}.json`);
    this.#answers.set(slug, answer);
    answer.catch(() => this.#answers.delete(slug));
    return answer;
  }

  #notify(text: string): void {
    const notice = this.querySelector<HTMLElement>('.finder-notice');
    if (notice === null) return;
    notice.textContent = text;
    notice.hidden = text === '';
  }

  #speak(text: string): void {
    clearTimeout(this.#speechTimer);
    this.#speechTimer = setTimeout(() => {
      const status = this.querySelector('[role="status"]');
      if (status !== null) status.textContent = text;
    }, speechDelayMs);
  }

  #move(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && this.#box !== null && this.#question() !== '') {
      this.#box.value = '';
      this.#box.focus();
      this.#writeAddress();
      void this.#answer();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const stops = [this.#box, ...this.#links()];
      const here = stops.findIndex((stop) => stop === document.activeElement);
      const next = here === -1 ? null : stops[here + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next === null || next === undefined) return;
      event.preventDefault();
      next.focus();
    }
  }

  /** One stop for each result: its title. */
  #links(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.finding h3 a')];
  }
}

async function fetchJson<Data>(address: string): Promise<Data> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json() as Promise<Data>;
}

/** Half of a surrogate pair, left by a cut, cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}

customElements.define('problem-finder', ProblemFinder);
