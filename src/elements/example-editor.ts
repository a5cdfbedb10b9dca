/** The editor under a simulator: change the files of the example, run the same traffic through them. */
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Settings } from '../simulator/scenario.ts';
import { codeView, fileState, goTo, markProblem } from './code-editor.ts';
import type { FileState } from './code-editor.ts';
import styles from './example-editor.css?inline';
import { fromRoot } from './from-root.ts';
import type { Files } from './load-scenario.ts';
import { button, node } from './nodes.ts';
import { runInSandbox } from './sandbox.ts';
import type { Answer, Problem } from './sandbox-answer.ts';

/** What the editor needs of the simulator that it belongs to. */
export interface EditableSimulator extends HTMLElement {
  readonly example: string;
  readonly settings: Settings;
  readonly seed: number;
  /** Lets `runner` compute the outcomes from now on, under a name for the figure; without one the page's own code. */
  useRunner(runner?: (settings: Settings, seed: number) => Promise<Outcome>, label?: string): void;
}

interface Draft { original: Files; states: Map<string, FileState>; file: string }

/** What a reader wrote, for as long as the page is open; nowhere else, and never run without a click. */
const drafts = new Map<string, Draft>();

/** Opens the editor in `place`, or brings the reader back to the one that is open there. */
export async function openEditor(simulator: HTMLElement, place: HTMLElement): Promise<void> {
  const slug = (simulator as EditableSimulator).example;
  const original = drafts.get(slug)?.original ?? await filesOf(slug);
  // Pressed again, also while the files were on their way.
  const open = place.querySelector('.example-editor')?.shadowRoot?.querySelector<HTMLElement>('.cm-content');
  if (open) open.focus();
  else new ExampleEditor(simulator as EditableSimulator, place, original);
}

async function filesOf(slug: string): Promise<Files> {
  const response = await fetch(fromRoot(`/examples/${slug}.json`));
  if (!response.ok) throw new Error(`the files of ${slug} could not be fetched (${response.status})`);
  return await response.json() as Files;
}

class ExampleEditor {
  readonly #simulator: EditableSimulator;
  readonly #draft: Draft;
  readonly #host = node('div', 'example-editor');
  readonly #root = this.#host.attachShadow({ mode: 'open' });
  readonly #select = node('select');
  readonly #status = node('p', 'status');
  readonly #printed = node('pre');
  readonly #run = button('run', 'Run', () => void this.#start());
  readonly #opener = document.activeElement;
  readonly #view;
  #problem: Problem | undefined;
  #running: AbortController | undefined;

  constructor(simulator: EditableSimulator, place: HTMLElement, original: Files) {
    this.#simulator = simulator;
    const slug = simulator.example;
    this.#draft = drafts.get(slug) ?? { original, states: new Map(), file: `src/examples/${slug}/${slug}.ts` };
    drafts.set(slug, this.#draft);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.#root.adoptedStyleSheets = [sheet];
    const code = node('div');
    this.#root.append(this.#panel(code));
    this.#view = codeView(this.#root, code, this.#stateOf(this.#draft.file), () => this.#nameFiles());
    this.#nameFiles();
    place.append(this.#host);
    this.#view.focus();
  }

  #panel(code: HTMLElement): HTMLElement {
    const keys = node('p', 'hint', 'Tab indents; Escape, then Tab leaves the code. F8 goes to a mark.');
    keys.id = 'keys';
    this.#status.setAttribute('role', 'status');
    this.#printed.hidden = true;
    this.#printed.tabIndex = 0;
    this.#printed.setAttribute('role', 'region');
    this.#printed.setAttribute('aria-label', 'Printed to the console');
    this.#select.addEventListener('change', () => this.#show(this.#select.value));
    const panel = node('section', '',
      node('div', 'bar', node('p', 'title', 'Edit and run'), button('', 'Close', () => this.#close())),
      node('p', 'hint', 'Change the code and run the same traffic through it. Your version stays in this page until you leave it: it is not saved, and no address holds it.'),
      node('label', '', 'File', this.#select),
      code, keys,
      node('div', 'bar actions', this.#run, button('', 'Back to the page’s code', () => this.#reset()), button('', 'Download my version', () => this.#download())),
      this.#status, this.#printed);
    panel.setAttribute('aria-label', 'Edit and run');
    return panel;
  }

  async #start(): Promise<void> {
    const { settings, seed } = this.#simulator;
    const files = this.#files();
    const run = (chosen: Settings, chosenSeed: number): Promise<Answer> => {
      this.#running?.abort();
      this.#running = new AbortController();
      return runInSandbox({ files, slug: this.#simulator.example, settings: chosen, seed: chosenSeed }, this.#running.signal);
    };
    this.#say('Running …');
    this.#run.disabled = true;
    const answer = await run(settings, seed).catch(() => undefined);
    this.#run.disabled = false;
    if (answer === undefined) return;
    // The button was disabled while it had the focus, and lost it.
    if (this.#root.activeElement === null) this.#run.focus();
    this.#tell(answer);
    if ('problem' in answer) return;
    let first: Outcome | undefined = answer.outcome;
    this.#simulator.useRunner(async (chosen, chosenSeed) => {
      const known = chosenSeed === seed && JSON.stringify(chosen) === JSON.stringify(settings) ? first : undefined;
      first = undefined;
      if (known !== undefined) return known;
      const next = await run(chosen, chosenSeed);
      this.#tell(next);
      if ('problem' in next) throw new Error(next.problem.message);
      return next.outcome;
    }, 'your edit');
  }

  #tell(answer: Answer): void {
    if (!this.#host.isConnected) return;
    this.#printed.hidden = answer.printed.length === 0;
    this.#printed.textContent = answer.printed.join('\n');
    this.#problem = 'problem' in answer ? answer.problem : undefined;
    if (this.#problem === undefined) {
      markProblem(this.#view);
      return this.#say('Your version has run; the figure shows its outcome.');
    }
    const { message, place } = this.#problem;
    if (place === undefined) return this.#say(message, true);
    this.#show(place.file);
    const jump = button('link', `${this.#nameOf(place.file)}, line ${place.line}, column ${place.column}`, () => {
      this.#show(place.file);
      goTo(this.#view, place);
    });
    this.#say(jump, true, `: ${message}`);
  }

  #say(text: string | HTMLElement, isWrong = false, rest = ''): void {
    this.#status.className = isWrong ? 'status wrong' : 'status';
    this.#status.replaceChildren(text, rest);
  }

  #show(file: string): void {
    if (!(file in this.#draft.original)) return;
    this.#keep();
    this.#draft.file = file;
    this.#select.value = file;
    this.#view.setState(this.#stateOf(file));
    markProblem(this.#view, this.#problem?.place?.file === file ? this.#problem : undefined);
  }

  /** What is shown lives in the view; everything else in the draft. */
  #keep(): void {
    this.#draft.states.set(this.#draft.file, this.#view.state);
  }

  #stateOf(file: string): FileState {
    return this.#draft.states.get(file) ?? fileState(this.#nameOf(file), this.#draft.original[file] ?? '', !isEditable(file));
  }

  /** Files of other examples are named with their folder: two may be called alike. */
  #nameOf(file: string): string {
    return file.replace('src/examples/', '').replace(`${this.#simulator.example}/`, '');
  }

  #files(): Files {
    this.#keep();
    return Object.fromEntries(Object.entries(this.#draft.original).map(([file, text]) => [file, this.#draft.states.get(file)?.doc.toString() ?? text]));
  }

  #changed(): string[] {
    const now = this.#files();
    return Object.keys(now).filter((file) => now[file] !== this.#draft.original[file]);
  }

  #nameFiles(): void {
    const changed = this.#changed();
    const first = [`${this.#simulator.example}.ts`, ...Object.keys(this.#draft.original).filter(isEditable).map((file) => this.#nameOf(file))];
    const rank = (file: string): number => (first.indexOf(this.#nameOf(file)) + first.length + 1) % (first.length + 1);
    const options = Object.keys(this.#draft.original).map((file) => {
      const option = node('option', '', `${this.#nameOf(file)}${isEditable(file) ? '' : ' (read only)'}${changed.includes(file) ? ' (changed)' : ''}`);
      option.value = file;
      return option;
    });
    this.#select.replaceChildren(...options.sort((a, b) => rank(a.value) - rank(b.value)));
    this.#select.value = this.#draft.file;
  }

  #reset(): void {
    this.#running?.abort();
    this.#problem = undefined;
    this.#draft.states.clear();
    this.#view.setState(this.#stateOf(this.#draft.file));
    this.#nameFiles();
    this.#printed.hidden = true;
    this.#simulator.useRunner();
    this.#say('The code is the page’s again, and so is the outcome.');
  }

  /** Each file that was changed; the one that is shown when there is none. */
  #download(): void {
    const files = this.#files();
    const changed = this.#changed();
    for (const file of changed.length > 0 ? changed : [this.#draft.file]) {
      const anchor = node('a');
      anchor.href = URL.createObjectURL(new Blob([files[file] ?? ''], { type: 'text/plain' }));
      anchor.download = this.#nameOf(file).replaceAll('/', '-');
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
    }
  }

  /** The draft stays, and so does the outcome in the figure. */
  #close(): void {
    this.#running?.abort();
    this.#keep();
    this.#view.destroy();
    this.#host.remove();
    if (this.#opener instanceof HTMLElement) this.#opener.focus();
  }
}

/** The example itself; its scenario, and what several examples share, can be read. */
function isEditable(file: string): boolean {
  return /^src\/examples\/[^/]+\/(?!scenario\.ts$)/.test(file);
}
