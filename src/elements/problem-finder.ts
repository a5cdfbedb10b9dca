/** Ranks patterns on each key and each answer; the address is the state. Without it the page is a form and the index of all problems. */
// Longer than 250 lines: one state (question, answers, address) that every handler reads and changes; what does not touch it stands in finder-view, finder-beside and finder-take-away.
import { claimId } from '../finder/claims.ts';
import type { Claim } from '../finder/claims.ts';
import { loadCorpus } from '../finder/corpus.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { Evidence, ForceAnswer } from '../finder/evidence.ts';
import { recommended } from '../finder/fit.ts';
import type { Force } from '../finder/force-texts.ts';
import type { IndexFile } from '../finder/index-file.ts';
import { rank } from '../finder/rank.ts';
import type { Ranking } from '../finder/rank.ts';
import { isEmpty, longestInAddress, readState, wellFormed, writeState } from '../finder/state.ts';
import type { FinderState } from '../finder/state.ts';
import { longestText } from '../finder/tokens.ts';
import type { Answered } from './answered.ts';
import { answerView, mostShown, sentenceFor } from './finder-view.ts';
import type { View } from './finder-view.ts';
import { button, copyWith, node } from './nodes.ts';

const addressDelayMs = 200;
/** A screen reader that speaks at each key says nothing. */
const speechDelayMs = 800;
/** Questions that change at each key cannot be read. */
const besideDelayMs = 250;
/** More questions than this are an interview. */
const mostQuestions = 3;

class ProblemFinder extends HTMLElement {
  #box: HTMLInputElement | null = null;
  #corpus: Promise<Corpus> | undefined;
  readonly #answers = new Map<string, Promise<Answered>>();
  /** Answers that have arrived: they hold the conditions of problem pages. */
  readonly #arrived = new Map<string, Answered>();
  readonly #forces = new Map<Force, ForceAnswer>();
  readonly #claims = new Map<string, boolean>();
  readonly #skipped = new Set<string>();
  #symptoms: Claim[] = [];
  #questionsAsked = 0;
  /** Older answers are thrown away. */
  #turn = 0;
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
      void this.#answer().then(() => this.#stops()[0]?.focus());
    });
    this.addEventListener('keydown', (event) => this.#move(event));
    this.addEventListener('click', (event) => this.#clicked(event));
    this.#one('.finder-panel').addEventListener('change', (event) => this.#chosen(event));
    window.addEventListener('popstate', () => void this.#readAddress());
    this.#load().catch(() => undefined);
    if (document.activeElement === box && box.value !== '') {
      this.#keepInAddress();
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
    const { state, damaged } = readState(location.search);
    if (this.#box !== null) this.#box.value = state.query;
    replace(this.#forces, state.forces);
    replace(this.#claims, state.claims);
    this.#settled = true;
    let notice = damaged ? 'Part of the address could not be read and was left out.' : '';
    if (this.#claims.size > 0) {
      const corpus = await this.#load().catch(() => undefined);
      if (corpus !== undefined && !await this.#knowClaims(corpus)) notice = 'The catalogue has changed since this address was made: an answer in it was left out.';
    }
    await this.#answer(notice, true);
  }

  /** Conditions stand in the answers of their patterns. @returns false when the catalogue no longer says what was confirmed */
  async #knowClaims(corpus: Corpus): Promise<boolean> {
    const pages = new Set([...this.#claims.keys()].map((id) => id.split('.')[0] ?? ''));
    await Promise.allSettled([...pages].filter((page) => corpus.patterns.some(({ slug }) => slug === page)).map((slug) => this.#reasons(slug)));
    const known = new Set(this.#allClaims(corpus).map(({ id }) => id));
    const lost = [...this.#claims.keys()].filter((id) => !known.has(id));
    for (const id of lost) this.#claims.delete(id);
    return lost.length === 0;
  }

  #keepInAddress(): void {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => this.#writeAddress(), addressDelayMs);
  }

  #writeAddress(): void {
    clearTimeout(this.#addressTimer);
    const search = writeState(this.#state);
    if (search === location.search) return;
    const address = location.pathname + search;
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
      corpus = await this.#load();
    } catch {
      document.documentElement.removeAttribute('data-asked');
      place.replaceChildren();
      this.#notify('The finder could not be loaded. Every problem of the catalogue stands below; the next key tries again.');
      return;
    }
    if (turn !== this.#turn) return;
    const evidence = this.#evidence(corpus);
    const ranking = rank(corpus, question, evidence);
    // While typing, cards come first and their reasons follow; on arrival a card that grows would move the page.
    if (arrived) await Promise.allSettled([import('./finder-beside.ts'), ...recommended(ranking, mostShown).map(({ slug }) => this.#reasons(slug))]);
    if (turn !== this.#turn) return;
    const said = question === '' ? evidence.claims.filter(({ holds }) => holds).map(({ claim }) => claim.text).join(' ') : question;
    const report = `${this.dataset['report']}&symptom=${encodeURIComponent(wellFormed(said.slice(0, longestInAddress)))}`;
    const view = answerView(corpus, ranking, { question: said, report, reasons: (slug) => this.#reasons(slug) });
    document.documentElement.toggleAttribute('data-asked', view.fits);
    place.replaceChildren(view.content, ...(view.fits ? [this.#actions(corpus, ranking, evidence)] : []));
    const cut = question.length > longestText ? `Only the first ${longestText.toLocaleString('en')} characters were read.` : question.length > longestInAddress ? 'The text is too long for an address: a link to this answer holds its beginning.' : '';
    this.#notify([notice, cut].filter((sentence) => sentence !== '').join(' '));
    this.#speak(() => sentenceFor(view, this.querySelector('.question-card') !== null));
    this.#fillBeside(turn, corpus, ranking, evidence, view).catch(() => undefined);
  }

  async #fillBeside(turn: number, corpus: Corpus, ranking: Ranking, evidence: Evidence, { fits, cards }: View): Promise<void> {
    const shown = cards.map(({ slug }) => slug);
    const pause = new Promise((resume) => { setTimeout(resume, this.#box === document.activeElement ? besideDelayMs : 0); });
    const [{ fillPanel, neighbours, suspects, questionKey }] = await Promise.all([import('./finder-beside.ts'), this.#known(shown), pause]);
    if (turn !== this.#turn) return;
    const card = fillPanel(this.#one('.finder-panel'), {
      corpus, ranking, evidence, claims: this.#allClaims(corpus), shown, given: this.#state, skipped: this.#skipped,
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
    if (card !== undefined) {
      const way = node('a', 'to-question', 'One question would help');
      way.href = '#one-question';
      this.querySelector('.finder-headline')?.append(way);
    }
    if (!fits) return;
    const answers = await this.#known([...shown, ...suspects(ranking, shown).map(({ slug }) => slug)]);
    if (turn === this.#turn) this.querySelector('.findings')?.after(...neighbours(corpus, ranking, shown, answers));
  }

  /** Those that could be loaded. */
  async #known(slugs: readonly string[]): Promise<Map<string, Answered>> {
    const known = new Map<string, Answered>();
    await Promise.allSettled(slugs.map(async (slug) => known.set(slug, await this.#reasons(slug))));
    return known;
  }

  /** Each answer is an entry of its own in the history. */
  #change(change: () => void): void {
    this.#settle();
    change();
    this.#settle();
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
    this.#settle();
    if (id === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#claims.set(id, true);
    this.#settle();
    void this.#answer('', true).then(() => this.#stops()[0]?.focus());
  }

  #evidence(corpus: Corpus): Evidence {
    const claims = this.#allClaims(corpus);
    return {
      forces: new Map(this.#forces),
      claims: [...this.#claims].flatMap(([id, holds]) => {
        const claim = claims.find((each) => each.id === id);
        return claim === undefined ? [] : [{ claim, holds }];
      }),
    };
  }

  /** Symptoms from the index on this page, conditions from the answers that were loaded. */
  #allClaims(corpus: Corpus): Claim[] {
    if (this.#symptoms.length === 0) {
      this.#symptoms = corpus.problems.flatMap(({ slug, candidates }) => [...this.querySelectorAll(`.problem-index li a[href="/problems/${slug}/"]`)].map((anchor): Claim => {
        const text = anchor.textContent?.trim() ?? '';
        return { id: claimId(slug, text), kind: 'symptom', text, problem: slug, patterns: candidates };
      }));
    }
    return [...this.#symptoms, ...[...this.#arrived].flatMap(([slug, { conditions }]) => conditions.map(({ problem, when }): Claim => ({ id: claimId(slug, when), kind: 'condition', text: when, problem, patterns: [slug] })))];
  }

  #actions(corpus: Corpus, ranking: Ranking, evidence: Evidence): HTMLElement {
    const query = this.#question();
    const address = (): string => new URL(location.pathname + writeState(this.#state), location.href).href;
    const taken = () => ({ corpus, ranking, evidence, query, address: address(), reasons: (slug: string) => this.#reasons(slug) });
    const fail = (): void => this.#notify('That could not be loaded. Check the connection and try again.');
    const copied = (success: boolean): void => this.#say(success ? 'Copied.' : 'Copying is not allowed here.');
    return node(
      'div', 'finder-actions',
      button('chip', 'Copy link', (pressed) => void copyWith(pressed, address()).then(copied)),
      button('chip', 'Copy as Markdown', (pressed) => {
        import('./finder-take-away.ts').then(async ({ asMarkdown }) => copied(await copyWith(pressed, await asMarkdown(taken())))).catch(fail);
      }),
      button('chip', 'Start a decision record', () => {
        import('./finder-take-away.ts').then(({ startRecord }) => startRecord(taken())).catch(fail);
      }),
    );
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
    answer.then((answered) => this.#arrived.set(slug, answered)).catch(() => this.#answers.delete(slug));
    return answer;
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
      this.#writeAddress();
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

async function fetchJson<Data>(address: string): Promise<Data> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json() as Promise<Data>;
}

customElements.define('problem-finder', ProblemFinder);
