/** Ranks patterns on each key and each answer; the address is the state. Without it the page is a form and the index of all problems. */
import type { Corpus } from '../finder/corpus.ts';
import type { Evidence, ForceAnswer } from '../finder/evidence.ts';
import { recommended } from '../finder/fit.ts';
import type { Force } from '../finder/force-texts.ts';
import { rank } from '../finder/rank.ts';
import type { Ranking } from '../finder/rank.ts';
import { isEmpty, longestInAddress, wellFormed } from '../finder/state.ts';
import type { FinderState } from '../finder/state.ts';
import { longestText, tokensOf } from '../finder/tokens.ts';
import { mostShown } from './answered.ts';
import { FinderAddress } from './finder-address.ts';
import { FinderClaims } from './finder-claims.ts';
import { FinderSources } from './finder-sources.ts';
import { answerView, fetchFill, sentenceFor } from './finder-view.ts';
import type { View } from './finder-view.ts';

/** A screen reader that speaks at each key says nothing. */
const speechDelayMs = 800;
/** Questions that change at each key cannot be read. */
const besideDelayMs = 250;
/** More questions than this are an interview. */
const mostQuestions = 3;

export class ProblemFinder extends HTMLElement {
  #box: HTMLInputElement | null = null;
  readonly #address = new FinderAddress(() => this.#state);
  readonly #sources = new FinderSources(this.dataset['index'] ?? '', this.dataset['answers'] ?? '');
  readonly #sentences = new FinderClaims(this, this.#sources);
  readonly #forces = new Map<Force, ForceAnswer>();
  readonly #claims = new Map<string, boolean>();
  readonly #skipped = new Set<string>();
  #questionsAsked = 0;
  /** Older answers are thrown away. */
  #turn = 0;
  #speechTimer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    const box = this.querySelector<HTMLInputElement>('input[name="q"]');
    if (box === null || this.#box !== null) return;
    this.#box = box;
    box.addEventListener('input', () => {
      this.#address.keep();
      void this.#answer();
    });
    box.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#address.settle();
      void this.#answer().then(() => this.#stops()[0]?.focus());
    });
    this.addEventListener('keydown', (event) => this.#move(event));
    this.addEventListener('click', (event) => this.#clicked(event));
    this.#one('.finder-panel').addEventListener('change', (event) => this.#chosen(event));
    window.addEventListener('popstate', () => void this.#readAddress());
    this.#sources.corpus().catch(() => undefined);
    // Stems are remembered, and those of the titles are asked for when the index is there: until then there is time.
    for (const { textContent } of this.querySelectorAll('h3')) tokensOf(textContent ?? '');
    if (document.activeElement === box && box.value !== '') {
      this.#address.keep();
      void this.#answer();
    } else void this.#readAddress();
  }

  #one(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`<problem-finder> has no ${selector}`);
    return found;
  }

  get #state(): FinderState {
    return { query: this.#question(), forces: this.#forces, claims: this.#claims };
  }

  async #readAddress(): Promise<void> {
    const { state, damaged } = this.#address.read();
    if (this.#box !== null) this.#box.value = state.query;
    replace(this.#forces, state.forces);
    replace(this.#claims, state.claims);
    let notice = damaged ? 'Part of the address could not be read and was left out.' : '';
    if (this.#claims.size > 0) {
      const corpus = await this.#sources.corpus().catch(() => undefined);
      const lost = corpus === undefined ? [] : await this.#sentences.lost(corpus, [...this.#claims.keys()]);
      for (const id of lost) this.#claims.delete(id);
      if (lost.length > 0) notice = 'The catalogue has changed since this address was made: an answer in it was left out.';
    }
    await this.#answer(notice, true);
  }

  #question(): string {
    return this.#box?.value.trim() ?? '';
  }

  async #answer(notice = '', arrived = false): Promise<void> {
    const turn = ++this.#turn;
    const question = this.#question();
    const place = this.#one('.finder-answer');
    document.documentElement.toggleAttribute('data-asked', !isEmpty(this.#state));
    if (isEmpty(this.#state)) {
      place.replaceChildren();
      this.#one('.finder-panel').replaceChildren();
      this.#forgetQuestions();
      this.#notify(notice);
      this.#speak(() => '');
      return;
    }
    let corpus: Corpus;
    try {
      corpus = await this.#sources.corpus();
    } catch {
      document.documentElement.removeAttribute('data-asked');
      place.replaceChildren();
      this.#notify('The finder could not be loaded. Every problem of the catalogue stands below; the next key tries again.');
      return;
    }
    if (turn !== this.#turn) return;
    const evidence: Evidence = { forces: new Map(this.#forces), claims: this.#sentences.answered(corpus, this.#claims) };
    const ranking = rank(corpus, question, evidence);
    // While typing, cards come first and their reasons follow; on arrival a card that grows would move the page.
    if (arrived) await Promise.allSettled([fetchFill(), ...recommended(ranking, mostShown).map(({ slug }) => this.#sources.answer(slug))]);
    if (turn !== this.#turn) return;
    const said = question === '' ? evidence.claims.filter(({ holds }) => holds).map(({ claim }) => claim.text).join(' ') : question;
    const report = `${this.dataset['report']}&symptom=${encodeURIComponent(wellFormed(said.slice(0, longestInAddress)))}`;
    const view = answerView(corpus, ranking, { question: said, report, sources: this.#sources });
    document.documentElement.toggleAttribute('data-asked', view.fits);
    place.replaceChildren(view.content);
    const cut = question.length > longestText ? `Only the first ${longestText.toLocaleString('en')} characters were read.` : question.length > longestInAddress ? 'The text is too long for an address: a link to this answer holds its beginning.' : '';
    this.#notify([notice, cut].filter((sentence) => sentence !== '').join(' '));
    this.#speak(() => sentenceFor(view, this.querySelector('.question-card') !== null));
    this.#fillBeside(turn, corpus, ranking, evidence, view).catch(() => undefined);
  }

  async #fillBeside(turn: number, corpus: Corpus, ranking: Ranking, evidence: Evidence, { fits, cards }: View): Promise<void> {
    const shown = cards.map(({ slug }) => slug);
    const pause = new Promise((resume) => { setTimeout(resume, this.#box === document.activeElement ? besideDelayMs : 0); });
    const { actions, fillPanel, neighbours, suspects, questionKey, wayTo } = await import('./finder-beside.ts');
    if (turn !== this.#turn) return;
    const taken = () => ({ corpus, ranking, evidence, query: this.#question(), address: this.#address.link, reasons: (slug: string) => this.#sources.answer(slug) });
    if (fits) this.#one('.finder-answer').append(actions(taken, shown, (text) => this.#say(text), (text) => this.#notify(text)));
    await Promise.all([this.#sources.answers(shown), pause]);
    if (turn !== this.#turn) return;
    const card = fillPanel(this.#one('.finder-panel'), {
      corpus, ranking, evidence, claims: this.#sentences.all(corpus), shown, given: this.#state, skipped: this.#skipped,
      mayAsk: this.#questionsAsked < mostQuestions,
      answer: (question, given) => {
        this.#questionsAsked += 1;
        this.#change(() => {
          if (given === undefined) this.#skipped.add(questionKey(question));
          else if (question.kind === 'force') this.#forces.set(question.force, given ? 'applies' : 'not');
          else this.#claims.set(question.claim.id, given);
        });
      },
      takeBack: () => {
        this.#box?.focus();
        this.#forgetQuestions();
        this.#change(() => {
          this.#forces.clear();
          this.#claims.clear();
        });
      },
    });
    this.querySelector('.to-question')?.remove();
    if (card !== undefined) this.querySelector('.finder-headline')?.append(wayTo(card));
    if (!fits) return;
    const answers = await this.#sources.answers([...shown, ...suspects(ranking, shown).map(({ slug }) => slug)]);
    if (turn === this.#turn) this.querySelector('.findings')?.after(...neighbours(corpus, ranking, shown, answers));
  }

  /** Each answer is an entry of its own in the history. */
  #change(change: () => void): void {
    this.#address.settle();
    change();
    this.#address.settle();
    void this.#answer();
  }

  #forgetQuestions(): void {
    this.#skipped.clear();
    this.#questionsAsked = 0;
  }

  #chosen(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const { name, value } = input;
    this.#change(() => {
      if (input.closest<HTMLElement>('.answer-row')?.dataset['kind'] === 'force') {
        if (value === '') this.#forces.delete(name as Force);
        else this.#forces.set(name as Force, value as ForceAnswer);
      } else if (value === '') this.#claims.delete(name);
      else this.#claims.set(name, value === 'yes');
    });
  }

  #clicked(event: MouseEvent): void {
    const anchor = event.target instanceof Element ? event.target.closest('a') : null;
    if (anchor === null) return;
    const id = anchor.dataset['claim'];
    this.#address.settle();
    if (id === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#claims.set(id, true);
    this.#address.settle();
    void this.#answer('', true).then(() => this.#stops()[0]?.focus());
  }

  #notify(text: string): void {
    const notice = this.#one('.finder-notice');
    notice.textContent = text;
    notice.hidden = text === '';
  }

  #speak(text: () => string): void {
    clearTimeout(this.#speechTimer);
    this.#speechTimer = setTimeout(() => this.#say(text()), speechDelayMs);
  }

  #say(text: string): void {
    this.#one('[role="status"]').textContent = text;
  }

  #move(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement && event.target.type === 'radio') return;
    if (event.key === 'Escape' && this.#box !== null && this.#question() !== '') {
      this.#box.value = '';
      this.#box.focus();
      this.#address.write();
      void this.#answer();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const stops = [this.#box, ...this.#stops()];
      const here = stops.findIndex((stop) => stop === document.activeElement);
      const next = here === -1 ? null : stops[here + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next === null || next === undefined) return;
      event.preventDefault();
      next.focus();
    }
  }

  /** One stop for each result: its title. */
  #stops(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.finding h3 a, .finding h3[tabindex]')];
  }
}

function replace<Key, Value>(map: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

customElements.define('problem-finder', ProblemFinder);
