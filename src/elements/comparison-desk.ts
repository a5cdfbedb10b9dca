/** The address is what is compared: whatever a reader picks, replaces or takes out stands in it, and "back" undoes it. */
import { comparisonOf, readComparison, writeComparison } from '../comparing/address.ts';
import type { Asked, Comparison } from '../comparing/address.ts';
import type { Compared } from '../comparing/compared.ts';
import { comparisonView } from '../comparing/comparison-view.ts';
import { mostCompared } from '../citing/comparison-markdown.ts';
import type { KnownName } from '../comparing/names.ts';
import { chosenItems } from './comparison-chosen.ts';
import { notesOf } from './comparison-notes.ts';
import { ComparisonPicker } from './comparison-picker.ts';
import { ComparisonSources } from './comparison-sources.ts';
import { fromRoot } from './from-root.ts';
import { button, copyWith, node } from './nodes.ts';
import { nodesOf } from './part-nodes.ts';

export class ComparisonDesk {
  readonly #root: HTMLElement;
  readonly #sources = new ComparisonSources();
  readonly #picker: ComparisonPicker;
  readonly #pageTitle = document.title;
  /** A page of two alternatives is complete as it came; what changes there goes on at the address of all comparisons. */
  readonly #fixed: boolean;
  #comparison: Comparison = comparisonOf([]);
  #replacing: string | undefined;
  /** Answers to older addresses are thrown away. */
  #turn = 0;

  constructor(root: HTMLElement) {
    const { of } = root.dataset;
    this.#root = root;
    this.#fixed = of !== undefined;
    this.#picker = new ComparisonPicker(this.#one('.picker'), {
      open: () => this.#open(),
      pick: ({ slug, title }) => this.#pick(slug, title),
      cancel: () => this.#ask(undefined),
      say: (text) => this.#say(text),
    });
    if (of !== undefined) {
      this.#comparison = comparisonOf(of.split(',').map((slug) => ({ slug })));
      return;
    }
    addEventListener('popstate', () => void this.#read());
    void this.#read();
  }

  /** Copies what the button says, or starts a record. */
  async takeAlong(pressed: HTMLButtonElement): Promise<void> {
    const { shown } = this.#comparison;
    const what = pressed.dataset['do'];
    const copied = (success: boolean): void => this.#say(success ? 'Copied.' : 'Copying is not allowed here.');
    if (what === 'link') {
      copied(await copyWith(pressed, location.href.replace(/#.*/, '')));
      return;
    }
    try {
      const [patterns, { asMarkdown, startRecord }] = await Promise.all([this.#sources.patterns(shown), import('./comparison-take-away.ts')]);
      if (what === 'record') startRecord(patterns);
      else copied(await copyWith(pressed, asMarkdown(patterns)));
    } catch {
      this.#one('.comparison-notes').replaceChildren(node('p', 'note', 'That could not be fetched. Check the connection and press again.'));
    }
  }

  #one(selector: string): HTMLElement {
    const found = this.#root.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`the comparison has no ${selector}`);
    return found;
  }

  async #read(): Promise<void> {
    try {
      this.#comparison = readComparison(location.search, await this.#sources.names());
    } catch {
      this.#failed(() => void this.#read());
      return;
    }
    // A name that was understood is written as the catalogue writes it.
    const search = writeComparison(this.#comparison.asked);
    if (search !== '' && search !== location.search) history.replaceState(null, '', location.pathname + search + location.hash);
    await this.#show();
  }

  async #change(asked: readonly Asked[], words: string): Promise<void> {
    this.#comparison = comparisonOf(asked);
    const search = writeComparison(this.#comparison.asked);
    if (this.#fixed) {
      location.assign(fromRoot('/compare/') + search);
      return;
    }
    history.pushState(null, '', location.pathname + search);
    this.#ask(undefined);
    await this.#show();
    const { shown } = this.#comparison;
    this.#say(`${words} ${shown.length === 0 ? 'Nothing is compared now.' : `Now ${shown.length === 1 ? 'there is one' : `${shown.length} are compared`}.`}`);
  }

  async #show(): Promise<void> {
    const turn = ++this.#turn;
    const { asked, shown } = this.#comparison;
    let known: KnownName[];
    let patterns: Compared[];
    try {
      [known, patterns] = await Promise.all([this.#sources.names(), this.#sources.patterns(shown)]);
    } catch {
      if (turn === this.#turn) this.#failed(() => void this.#show());
      return;
    }
    if (turn !== this.#turn) return;
    const chosen = this.#one('.chosen');
    chosen.replaceChildren(...chosenItems(patterns, {
      replace: (slug) => this.#ask(slug),
      remove: ({ slug, data: { title } }) => {
        void this.#change(asked.filter((each) => !('slug' in each) || each.slug !== slug), `${title} is taken out.`);
        this.#picker.ask(undefined, true);
      },
    }));
    chosen.hidden = patterns.length === 0;
    this.#one('.comparison-notes').replaceChildren(...notesOf(this.#comparison, patterns, known, (next, words) => void this.#change(next, words)));
    this.#one('.comparison-actions').hidden = patterns.length < 2;
    this.#one('.compared').replaceChildren(...(patterns.length < 2 ? [] : nodesOf(...comparisonView(patterns))));
    document.title = patterns.length === 0 ? this.#pageTitle : `${patterns.map(({ data }) => data.title).join(' or ')} · ${this.#pageTitle}`;
    for (const list of document.querySelectorAll<HTMLElement>('.pairs-section')) list.hidden = patterns.length > 1;
  }

  /** Those that are not compared yet: what is often weighed against the others comes first, then what has a page. */
  async #open(): Promise<readonly KnownName[]> {
    const { shown } = this.#comparison;
    const [known, patterns] = await Promise.all([this.#sources.names(), this.#sources.patterns(shown)]).catch(() => [[], []] as [KnownName[], Compared[]]);
    const near = patterns.flatMap((each) => each.near);
    const place = ({ slug }: KnownName): number => (near.includes(slug) ? near.indexOf(slug) : near.length);
    return known.filter(({ slug, superseded }) => superseded !== true && !shown.includes(slug)).sort((a, b) => place(a) - place(b) || Number(b.hasPage) - Number(a.hasPage));
  }

  #pick(slug: string, title: string): void {
    const { asked, shown } = this.#comparison;
    if (this.#replacing !== undefined) {
      void this.#change(asked.map((each) => ('slug' in each && each.slug === this.#replacing ? { slug } : each)), `${title} stands there now.`);
    } else if (shown.length === mostCompared) {
      this.#say('Four patterns are compared, the most there can be. Replace one, or take one out.');
      this.#one('.comparison-notes').replaceChildren(node('p', 'note', `Four patterns are compared, the most there can be. To see ${title}, replace one of them or take one out.`));
    } else void this.#change([...asked, { slug }], `${title} is added.`);
  }

  /** @param replacing the pattern in whose place the next pick stands */
  #ask(replacing: string | undefined): void {
    this.#replacing = replacing;
    if (replacing === undefined) this.#picker.ask();
    else void this.#sources.patterns([replacing]).then(([pattern]) => this.#picker.ask(`Replace ${pattern?.data.title ?? ''} by`, true));
  }

  #failed(again: () => void): void {
    this.#one('.comparison-notes').replaceChildren(node('p', 'note', 'The patterns could not be fetched. Check the connection. ', button('chip', 'Try again', again)));
  }

  #say(text: string): void {
    this.#one('[role=status]').textContent = text;
  }
}
