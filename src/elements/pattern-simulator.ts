/** The figure of a simulation: what can be set, what came out, and its playback. The address is the state. */
// Longer than 250 lines: one run (settings, seed, outcome, time) that every part of the figure shows.
import { chartsHtml, headSvg, inOrder, mostBins } from '../simulator/figure-charts.ts';
import type { Shown } from '../simulator/figure-charts.ts';
import { curvesOf } from '../simulator/figure-curves.ts';
import { dotsOf } from '../simulator/figure-dots.ts';
import { posterMs } from '../simulator/figure-poster.ts';
import { sceneSvg } from '../simulator/figure-scene.ts';
import { tablesHtml } from '../simulator/figure-table.ts';
import { clock, comparison, said, surroundings } from '../simulator/figure-words.ts';
import type { Outcome } from '../simulator/run-scenario.ts';
import { roleOf } from '../simulator/scenario.ts';
import type { Scenario, Settings, Try } from '../simulator/scenario.ts';
import { defaultSeed, defaultSettings, readSettings, writeSettings } from '../simulator/settings.ts';
import type { Chosen } from '../simulator/settings.ts';
import { editorKilobytes } from './editor-size.ts';
import { button, copyWith, node } from './nodes.ts';
import { Computing } from './pattern-simulator-computing.ts';
import { controlsOf } from './pattern-simulator-controls.ts';
import type { Controls } from './pattern-simulator-controls.ts';
import { Player } from './pattern-simulator-player.ts';
import { transportOf } from './pattern-simulator-transport.ts';
import type { Transport } from './pattern-simulator-transport.ts';
import sheet from './pattern-simulator.css?inline';
import sceneSheet from './pattern-simulator-scene.css?inline';

/** Runs the traffic in another way than the page's code does. */
export type Runner = (settings: Settings, seed: number) => Promise<Outcome>;

const addressDelayMs = 300;
const speechDelayMs = 700;
/** A voice that speaks while it plays is heard out. */
const speechPauseMs = 5_000;

/** What is said; what runs, the worker loads. */
const scenarios = import.meta.glob<Scenario>('/src/examples/*/scenario.ts', { import: 'scenario' });

const styles = new CSSStyleSheet();
styles.replaceSync(sheet + sceneSheet);

class PatternSimulator extends HTMLElement {
  #computing: Computing | undefined;
  #scenario: Scenario | undefined;
  #chosen: Chosen = { settings: {}, seed: defaultSeed };
  #shown: Shown | undefined;
  #dots: ((variant: string, atMs: number) => string) | undefined;
  #runner: { run: Runner; label: string } | undefined;
  #player: Player | undefined;
  #transport: Transport | undefined;
  #controls: Controls | undefined;
  #frame = -1;
  /** Width of the room for charts when they were drawn. */
  #chartsPx = 0;
  /** A run is under way; what is chosen meanwhile runs after it. */
  #isRunning = false;
  #isStale = false;
  #isStill = false;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  #speechTimer: ReturnType<typeof setTimeout> | undefined;
  #spokenAt = 0;
  readonly #voice = node('p', 'sr-only');

  connectedCallback(): void {
    if (this.#computing !== undefined) return;
    this.#computing = new Computing(this.dataset['worker'] ?? '');
    if (!document.adoptedStyleSheets.includes(styles)) document.adoptedStyleSheets.push(styles);
    this.#voice.role = 'status';
    this.append(this.#voice);
    this.#isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#start().catch((error: unknown) => this.#complain(error));
  }

  get example(): string {
    return this.dataset['example'] ?? '';
  }

  get settings(): Settings {
    return this.#chosen.settings;
  }

  get seed(): number {
    return this.#chosen.seed;
  }

  /** What the figure shows: for what runs beside it. */
  get outcome(): Outcome | undefined {
    return this.#shown?.outcome;
  }

  /** While set, runs use it and the figure says so; left out, they use the page's code again. Resolves when the figure shows it. */
  async useRunner(run?: Runner, label = 'your edit'): Promise<void> {
    this.#runner = run === undefined ? undefined : { run, label };
    await this.#run(true);
  }

  get #isCompact(): boolean {
    return this.dataset['compact'] !== undefined;
  }

  #one(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`<pattern-simulator> has no ${selector}`);
    return found;
  }

  async #start(): Promise<void> {
    const [scenario] = await Promise.all([scenarios[`/src/examples/${this.example}/scenario.ts`]?.(), this.#computing?.begin()]);
    if (scenario === undefined) return;
    this.#scenario = scenario;
    const { complaints, ...chosen } = readSettings(scenario, this.#isCompact ? [] : new URLSearchParams(location.search));
    this.#chosen = chosen;
    const player = new Player({ ...scenario, show: (atMs) => this.#showTime(atMs), turn: (isPlaying) => this.#transport?.turn(isPlaying) });
    this.#player = player;
    this.#transport = transportOf(scenario, player, this.#isStill);
    if (!this.#isCompact) this.#furnish(scenario);
    await this.#run(false);
    this.querySelector('.sim-start')?.remove();
    this.#one('.sim-player').append(...this.#transport.rows);
    this.toggleAttribute('data-live', true);
    this.#frame = -1;
    player.seek(player.atMs);
    if (complaints.length > 0) this.#notice(complaints.join(' '));
    new IntersectionObserver(([entry]) => { if (entry?.isIntersecting === false) player.pause(); }).observe(this);
    document.addEventListener('visibilitychange', () => { if (document.hidden) player.pause(); });
    if (this.dataset['play'] === undefined) return;
    if (!this.#isStill) {
      player.seek(0);
      player.play();
    }
    this.querySelector<HTMLElement>('.sim-buttons button')?.focus();
  }

  /** Everything that can be pressed and set. */
  #furnish(scenario: Scenario): void {
    const controls = controlsOf(scenario, `sim-${this.example}`, (change) => this.#choose({ ...this.#chosen, ...change }), () => this.#chosen);
    this.#controls = controls;
    this.#one('.sim-controls').replaceChildren(...controls.cells);
    this.querySelectorAll('.sim-tries dt').forEach((title, at) => {
      const each = scenario.tries[at];
      if (each === undefined) return;
      const press = button('', '', () => this.#try(each));
      press.append(...title.childNodes);
      title.replaceChildren(press);
    });
    const copy = button('', 'Copy link', (pressed) => void copyWith(pressed, this.#address().href));
    copy.ariaLive = 'polite';
    this.#one('.sim-actions').replaceChildren(
      button('', 'Reset settings', () => this.#choose({ settings: defaultSettings(scenario), seed: defaultSeed })),
      copy,
      button('', `Edit the code and run it (${editorKilobytes} KB)`, () => void this.#edit()),
    );
    const table = this.#one('.sim-table');
    table.addEventListener('toggle', () => this.#fillTable());
  }

  async #edit(): Promise<void> {
    try {
      const { openEditor } = await import('./example-editor.ts');
      await openEditor(this, this.#one('[data-editor]'));
    } catch {
      this.#notice('The editor could not be loaded. Check the connection and press the button again.');
    }
  }

  #try(each: Try): void {
    if (this.#scenario === undefined) return;
    this.#choose({ settings: { ...defaultSettings(this.#scenario), ...each.settings } as Settings, seed: defaultSeed }, `${each.title}. ${each.notice} `);
  }

  #choose(chosen: Chosen, before = ''): void {
    this.#chosen = chosen;
    this.#player?.pause();
    this.#controls?.show(chosen);
    this.#notice('');
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => history.replaceState(history.state, '', this.#address()), addressDelayMs);
    void this.#run(true, before);
  }

  /** The page with what differs from the defaults; other parts of the address stay. */
  #address(): URL {
    const address = new URL(location.href);
    if (this.#scenario === undefined) return address;
    for (const name of ['seed', ...Object.keys(this.#scenario.parameters)]) address.searchParams.delete(name);
    for (const [name, value] of writeSettings(this.#scenario, this.#chosen)) address.searchParams.set(name, value);
    const heading = this.closest('main')?.querySelector('#try-it');
    if (heading !== null && heading !== undefined) address.hash = heading.id;
    return address;
  }

  async #run(isAsked: boolean, before = ''): Promise<void> {
    if (this.#isRunning) {
      this.#isStale = true;
      return;
    }
    this.#isRunning = true;
    try {
      do {
        this.#isStale = false;
        await this.#compute();
      } while (this.#isStale);
      if (isAsked && this.#shown !== undefined) this.#say(before + comparison(this.#shown.described, this.#shown.outcome), speechDelayMs);
    } catch (error) {
      this.#complain(error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #compute(): Promise<void> {
    const { settings, seed } = this.#chosen;
    const scenario = this.#scenario;
    if (scenario === undefined) return;
    const { durationMs, frameMs, variants } = scenario;
    const outcome = await (this.#runner?.run(settings, seed) ?? this.#computing?.ask({ frame: { durationMs, frameMs, variants }, settings, seed }));
    if (outcome === undefined) return;
    this.#shown = { described: scenario, outcome, settings };
    this.#dots = dotsOf(scenario, outcome);
    this.#render(scenario, this.#shown);
  }

  #render(scenario: Scenario, shown: Shown): void {
    const { outcome, settings } = shown;
    this.#one('.sim-figure').hidden = false;
    this.querySelector('.sim-trouble')?.remove();
    const charts = this.#one('.sim-charts');
    this.#chartsPx = charts.clientWidth - Number.parseFloat(getComputedStyle(charts).paddingInlineStart);
    charts.innerHTML = chartsHtml(shown, this.#chartsPx, this.#charts());
    this.#one('.sim-outcome p').textContent = comparison(scenario, outcome);
    this.querySelector('.sim-outcome ul')?.replaceChildren(...scenario.variants.map(({ id, label }) => node('li', `sim-${roleOf(scenario, id)}`, node('b', '', label), ` ${outcome[id] === undefined ? '' : scenario.outcome(outcome[id], settings)}`)));
    const kicker = this.#one('.kicker');
    kicker.dataset['label'] ??= kicker.textContent ?? '';
    kicker.textContent = this.#runner === undefined ? kicker.dataset['label'] : `Simulation of ${this.#runner.label}`;
    this.#controls?.show(this.#chosen);
    this.#markTry(scenario);
    this.#fillTable();
    this.#frame = -1;
    this.#player?.seek(this.#isStill ? scenario.durationMs : posterMs(shown));
  }

  #charts() {
    const charts = this.#scenario === undefined ? [] : inOrder(this.#scenario);
    return this.#isCompact ? charts.slice(0, 1) : charts;
  }

  #markTry(scenario: Scenario): void {
    const chosen = JSON.stringify(writeSettings(scenario, this.#chosen));
    const current = scenario.tries.findIndex((each) => JSON.stringify(writeSettings(scenario, { settings: { ...defaultSettings(scenario), ...each.settings } as Settings, seed: defaultSeed })) === chosen);
    this.querySelectorAll('.sim-tries dd').forEach((notice, at) => notice.toggleAttribute('data-current', at === current));
    this.querySelectorAll('.sim-tries button').forEach((press, at) => press.setAttribute('aria-pressed', String(at === current)));
  }

  #fillTable(): void {
    const table = this.querySelector<HTMLDetailsElement>('.sim-table');
    if (this.#shown !== undefined && table?.open) (table.querySelector('div') ?? table).innerHTML = tablesHtml(this.#shown, Infinity);
  }

  #showTime(atMs: number): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { described, outcome } = shown;
    const frame = Math.ceil(atMs / described.frameMs - 0.001);
    const isNew = frame !== this.#frame;
    this.#frame = frame;
    for (const row of this.querySelectorAll<HTMLElement>('.sim-scenes > *')) {
      const variant = row.dataset['variant'] ?? '';
      const dots = this.#dots?.(variant, atMs) ?? '';
      if (isNew || row.firstChild === null) row.innerHTML = sceneSvg(shown, variant, atMs, dots);
      else (row.querySelector('.sim-dots') ?? row).innerHTML = dots;
    }
    const heads = this.querySelectorAll('.sim-charts figure > svg > g');
    const charts = this.#charts();
    heads.forEach((head, place) => { head.innerHTML = headSvg(shown, charts, place, atMs, this.#chartsPx); });
    if (!isNew) return;
    const [chart] = described.charts;
    const bin = (values: readonly number[], frames: number): number => values[Math.max(0, Math.ceil(frame / frames) - 1)] ?? 0;
    const curves = chart === undefined || chart.kind === 'lane' ? undefined : curvesOf(described, outcome, chart, mostBins);
    const around = surroundings(described, outcome).filter(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs).map(({ name, state }) => `${name}: ${state}. `).join('');
    const spoken = `${clock(atMs, described)} of ${clock(described.durationMs, described)}. ${around}${curves === undefined ? '' : `${chart?.title}: ${curves.curves.map(({ label, values }) => `${label} ${chart === undefined ? '' : said(chart, bin(values, curves.framesPerBin))}`).join(', ')}.`}`;
    this.#transport?.show(atMs, spoken);
    if (!this.#player?.isPlaying) return;
    if (atMs >= described.durationMs) this.#say(`The end. ${comparison(described, outcome)}`);
    else if (performance.now() - this.#spokenAt > speechPauseMs) this.#say(spoken);
  }

  #say(text: string, delayMs = 0): void {
    clearTimeout(this.#speechTimer);
    this.#spokenAt = performance.now();
    this.#speechTimer = setTimeout(() => { this.#voice.textContent = text; }, delayMs);
  }

  /** Something about the address that the reader should know. */
  #notice(text: string): void {
    this.querySelector('.sim-notice')?.remove();
    if (text === '') return;
    this.#one('.sim-figure').before(node('p', 'sim-notice', text));
    this.#say(text);
  }

  /** Nothing is lost: settings stay, and the next run brings the figure back. */
  #complain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#player?.pause();
    const figure = this.#one('.sim-figure');
    figure.hidden = this.#scenario !== undefined;
    this.querySelector('.sim-trouble')?.remove();
    figure.before(node('p', 'sim-trouble', node('b', '', this.#scenario === undefined ? 'The simulation could not be started.' : 'This run failed.'), ` ${message}${this.#scenario === undefined ? '' : ' Your settings are kept; change one to run again.'}`));
    this.toggleAttribute('data-failed', this.#scenario === undefined);
    this.#say(`The run failed: ${message}`);
  }

  disconnectedCallback(): void {
    this.#player?.pause();
    this.#computing?.stop();
    this.#computing = undefined;
  }
}

customElements.define('pattern-simulator', PatternSimulator);
