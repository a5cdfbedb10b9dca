/** Shows what of the atlas is kept on the device, keeps it when a reader asks, and removes it. Before that it only looks. */
import { longDay } from '../citing/day.ts';
import { NoRoomError } from '../offline/fill.ts';
import { bytesOf } from '../offline/release.ts';
import type { Part } from '../offline/release.ts';
import { heldFiles } from '../offline/shelves.ts';
import type { Shelf } from '../offline/shelves.ts';
import { pathIn } from '../offline/ways.ts';
import { canKeep, keep, readDevice, remove, scope, update } from './offline-device.ts';

type Action = 'catalogue' | 'postgres' | 'update' | 'remove' | 'stop';

class KeepOffline extends HTMLElement {
  #stop: AbortController | undefined;

  connectedCallback(): void {
    this.#sayWhatIsMissing();
    if (!canKeep()) return this.#say('This browser keeps no sites on the device, or not in this window: it takes service workers and an address with https.');
    this.addEventListener('click', ({ target }) => {
      const action = target instanceof Element ? target.closest<HTMLElement>('[data-do]')?.dataset['do'] : undefined;
      if (action !== undefined) void this.#do(action as Action);
    });
    void this.#show();
  }

  async #do(action: Action): Promise<void> {
    if (action === 'stop') return this.#stop?.abort(new Error('you stopped it'));
    if (action === 'update') return this.#try('Looking for a new version …', async () => await update() ? 'A new version has replaced the one before. ' : 'There is no newer version. ');
    if (action === 'remove') return this.#try('Removing …', async () => {
      await remove();
      return 'Everything has been removed. ';
    });
    const wanted: Part[] = action === 'postgres' ? ['catalogue', 'postgres'] : ['catalogue'];
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    await this.#try('Fetching …', async () => {
      await keep(wanted, { signal, report: (done, of) => this.#progress(done, of) });
      return 'Done. ';
    }, true);
  }

  /** @param work returns what it says when it is done, before what is kept now */
  async #try(beginning: string, work: () => Promise<string>, canStop = false): Promise<void> {
    this.#offer(canStop ? ['stop'] : []);
    this.#say(beginning);
    let end: string;
    try {
      end = await work();
    } catch (error) {
      end = await failure(error);
    }
    this.#one('.keep-progress').hidden = true;
    await this.#show(end);
  }

  async #show(before = ''): Promise<void> {
    const { kept, isBegun } = await readDevice();
    this.#say(before + (kept !== undefined ? inWords(kept) : isBegun ? 'Not all of it has arrived, and no worker is installed. Keep it again to go on, or remove what is here.' : 'Nothing of the atlas is kept, and no worker of it is installed.'));
    const hasPostgres = kept?.parts.includes('postgres') === true;
    this.#one('.keep-first').hidden = kept !== undefined;
    this.#one('.keep-more').hidden = kept === undefined;
    this.#offer([
      ...(kept === undefined ? ['catalogue'] as const : []),
      ...(hasPostgres ? [] : ['postgres'] as const),
      ...(kept === undefined ? [] : ['update'] as const),
      ...(kept !== undefined || isBegun ? ['remove'] as const : []),
    ]);
  }

  #progress(done: number, of: number): void {
    const place = this.#one('.keep-progress');
    place.hidden = false;
    const bar = this.#one('progress') as HTMLProgressElement;
    [bar.max, bar.value] = [of, done];
    this.#one('.keep-progress span').textContent = `${megabytes(done)} of ${megabytes(of)} MB`;
    // A screen reader is told of quarters, not of each file.
    const quarter = Math.floor((4 * done) / of) * 25;
    if (quarter > 0 && quarter < 100) this.#say(`Fetching: ${quarter} % is here.`);
  }

  #offer(actions: readonly Action[]): void {
    const held = this.contains(document.activeElement);
    const buttons = [...this.querySelectorAll<HTMLElement>('[data-do]')];
    for (const each of buttons) if (each.parentElement !== null) each.parentElement.hidden = !actions.includes(each.dataset['do'] as Action);
    // Whoever pressed a button that went stands on the first that came.
    if (held && document.activeElement?.closest('[hidden]') !== null) buttons.find((each) => each.closest('[hidden]') === null)?.focus();
  }

  /** The worker shows this page in place of one that is not kept. */
  #sayWhatIsMissing(): void {
    if (/^offline\/?$/.test(pathIn(location.href, scope))) return;
    const place = this.#one('.keep-missing');
    place.hidden = false;
    place.textContent = `${location.pathname} is not kept on this device, and there is no connection to fetch it with. The pages below can be read.`;
  }

  #say(text: string): void {
    const place = this.#one('.keep-state');
    if (place.textContent !== text) place.textContent = text;
  }

  #one(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`<keep-offline> has no ${selector}`);
    return found;
  }
}

function inWords(shelf: Shelf): string {
  const { manifest: { version, date, release }, parts, keptAt } = shelf;
  const when = new Date(keptAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return `The catalogue${parts.includes('postgres') ? ' and PostgreSQL are' : ' is'} kept: version ${version} of ${longDay(date)}, release ${release}, ${megabytes(bytesOf(heldFiles(shelf)))} MB since ${when}.`;
}

async function failure(error: unknown): Promise<string> {
  if (error instanceof NoRoomError) {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return `There is not enough room: this browser gives the site ${megabytes(quota)} MB, of which ${megabytes(usage)} are in use. Free some space on the device, then try again. `;
  }
  const reason = error instanceof Error && error.name !== 'TypeError' ? error.message : 'there is no connection';
  return `It was not finished: ${reason}. `;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

customElements.define('keep-offline', KeepOffline);
