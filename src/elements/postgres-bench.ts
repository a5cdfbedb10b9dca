/** The bench of the PostgreSQL experiment: points to die at, both stories step by step, and a line for statements of one's own. */
import sheetText from '../styles/postgres-lab.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import type { Sheet, Step } from './lab-play.ts';
import { button, node } from './nodes.ts';
import type { FromPostgres, ToPostgres } from './postgres-worker.ts';

/** A statement that waits for a lock waits for ever: there is one session, and no timer inside. */
const patienceMs = 30_000;
/** A slow phone may take this long to make a new database. */
const startPatienceMs = 180_000;

export function openLab(lab: HTMLElement): void {
  const { example = '', folder = '', bytes = '0' } = lab.dataset;
  const sheet = adoptSheet(sheetText);
  const door = lab.querySelector('button');
  const status = node('p', 'lab-status');
  status.setAttribute('role', 'status');
  const bench = node('div', 'lab-bench');
  lab.append(status, bench);
  const worker = new Worker(new URL('./postgres-worker.ts', import.meta.url), { type: 'module' });
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let receive: (message: FromPostgres) => void = () => {};
  let loaded = 0;

  worker.addEventListener('message', ({ data }: MessageEvent<FromPostgres>) => {
    if (data.kind === 'loading') {
      loaded += data.bytes;
      say(`Loading PostgreSQL: ${Math.min(100, Math.round(100 * loaded / Number(bytes)))} %`);
    } else {
      clearTimeout(watchdog);
      receive(data);
    }
  });
  worker.addEventListener('error', (event) => close(`PostgreSQL could not be started: ${event.message || 'the browser gave no reason'}.`));

  function send(wish: ToPostgres, then: (message: FromPostgres) => void): void {
    receive = then;
    clearTimeout(watchdog);
    const waitMs = wish.kind === 'start' ? startPatienceMs : patienceMs;
    watchdog = setTimeout(() => close(`PostgreSQL gave no answer for ${waitMs / 1000} seconds and was stopped.${wish.kind === 'start' ? '' : ' A statement may wait for a lock that nobody releases.'}`), waitMs);
    worker.postMessage(wish);
  }
  function say(text: string): void {
    if (status.textContent !== text) status.textContent = text;
  }
  function close(reason: string): void {
    clearTimeout(watchdog);
    worker.terminate();
    bench.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    status.textContent = reason;
    if (door !== null) {
      door.disabled = false;
      door.addEventListener('click', () => status.remove(), { once: true });
    }
  }

  say('Loading PostgreSQL …');
  send({ kind: 'start', example, folder: new URL(folder, location.href).href }, (message) => {
    if (message.kind === 'failed') return close(`PostgreSQL could not be started: ${message.message}`);
    if (message.kind !== 'ready') return;
    say(`PostgreSQL ${message.version} is running in this page.`);
    const stories = node('div', 'lab-stories');
    const points = pointChoice(example, message.points);
    const variants = message.variants;
    const run = button('', 'Run both', () => {
      const point = points.querySelector<HTMLInputElement>('input:checked')?.value ?? 'none';
      run.disabled = true;
      send({ kind: 'play', point }, (played) => {
        run.disabled = false;
        if (played.kind === 'failed') return say(`The experiment failed: ${played.message}`);
        if (played.kind !== 'played') return;
        stories.replaceChildren(...variants.map(({ id, label }) => storyView(label, played.stories[id] ?? [])));
        say(variants.map(({ id, label }) => `${label}: ${played.stories[id]?.at(-1)?.text ?? ''}`).join(' '));
      });
    });
    bench.replaceChildren(points, node('p', 'lab-buttons', run, button('quiet', 'Stop PostgreSQL and free its memory', () => close('PostgreSQL was stopped.'))), stories, askView(variants, (wish, then) => send(wish, then)));
    points.querySelector('input')?.focus();
  });
}

function pointChoice(example: string, points: Readonly<Record<string, string>>): HTMLElement {
  const choice = node('fieldset', 'lab-points', node('legend', '', 'Where does the process die?'));
  Object.entries(points).forEach(([id, text], at) => {
    const input = node('input');
    input.type = 'radio';
    input.name = `${example}-point`;
    input.value = id;
    input.checked = at === 0;
    choice.append(node('label', '', input, ` ${text}`));
  });
  return choice;
}

/** The steps of one variant as buttons; the tables below are those of the chosen step. */
function storyView(label: string, steps: readonly Step[]): HTMLElement {
  const tables = node('div', 'lab-tables');
  tables.setAttribute('aria-live', 'off');
  const list = node('ol');
  const buttons = steps.map((step) => button('', step.text, () => show(step)));
  function show(chosen: Step): void {
    buttons.forEach((each, at) => each.setAttribute('aria-pressed', String(steps[at] === chosen)));
    tables.replaceChildren(node('p', 'lab-moment', steps.at(-1) === chosen ? 'The tables in the end' : 'The tables after this step'), ...chosen.sheets.map(sheetView));
  }
  steps.forEach((step, at) => {
    const item = node('li', step.tone, buttons[at] ?? '');
    list.append(item);
  });
  const last = steps.at(-1);
  if (last !== undefined) show(last);
  return node('section', 'lab-story', node('h3', '', label), list, tables);
}

function sheetView({ title, columns, rows }: Sheet): HTMLElement {
  if (rows.length === 0) return node('p', 'lab-empty', node('strong', '', title), ': empty');
  const table = node('table', '', node('caption', '', title), node('thead', '', node('tr', '', ...columns.map(headerCell))), node('tbody', '', ...rows.map((row) => node('tr', '', ...row.map((value) => node('td', '', value))))));
  const frame = node('div', 'lab-sheet', table);
  frame.tabIndex = 0;
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', title);
  return frame;
}

function headerCell(name: string): HTMLElement {
  const cell = node('th', '', name);
  cell.scope = 'col';
  return cell;
}

function askView(variants: readonly { id: string; label: string }[], send: (wish: ToPostgres, then: (message: FromPostgres) => void) => void): HTMLElement {
  const which = node('select', '', ...variants.map(({ id, label }) => new Option(label, id)));
  const line = node('input');
  line.type = 'text';
  line.value = 'select * from pg_tables where schemaname = current_schema()';
  line.spellcheck = false;
  const result = node('div', 'lab-result');
  result.setAttribute('role', 'status');
  const form = node('form', '', node('label', '', 'Tables of ', which), node('label', 'lab-line', 'Statement ', line), submit('Ask'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send({ kind: 'ask', variant: which.value, sql: line.value }, (message) => {
      if (message.kind === 'answer') result.replaceChildren(sheetView(message.sheet));
      if (message.kind === 'failed') result.replaceChildren(node('p', 'bad', `PostgreSQL says: ${message.message}`));
    });
  });
  return node('details', 'lab-ask', node('summary', '', 'Ask the tables yourself'), form, result);
}

function submit(text: string): HTMLButtonElement {
  const element = node('button', '', text);
  element.type = 'submit';
  return element;
}
