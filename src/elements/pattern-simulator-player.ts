/** Time of the playback: nothing is computed while it plays, it only moves. */

export interface Playback {
  durationMs: number;
  frameMs: number;
  /** Called with each new time. `isStep` while not playing. */
  show: (atMs: number) => void;
  /** Called when it starts or stops. */
  turn: (isPlaying: boolean) => void;
}

export class Player {
  readonly #playback: Playback;
  #atMs = 0;
  #isPlaying = false;
  #last = 0;
  #secondsForAll = 14;

  constructor(playback: Playback) {
    this.#playback = playback;
  }

  get atMs(): number {
    return this.#atMs;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** How long the whole takes, whatever time it simulates. */
  set secondsForAll(seconds: number) {
    this.#secondsForAll = seconds;
  }

  /** From the beginning when it stands at the end. */
  play(): void {
    if (this.#isPlaying) return;
    if (this.#atMs >= this.#playback.durationMs) this.seek(0);
    this.#isPlaying = true;
    this.#last = 0;
    this.#playback.turn(true);
    requestAnimationFrame(this.#tick);
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    this.#playback.turn(false);
  }

  seek(atMs: number): void {
    this.#atMs = Math.max(0, Math.min(this.#playback.durationMs, atMs));
    this.#playback.show(this.#atMs);
  }

  /** To the next or the last border between frames. */
  step(frames: 1 | -1): void {
    this.pause();
    const { frameMs } = this.#playback;
    this.seek((frames > 0 ? Math.floor(this.#atMs / frameMs + 0.001) + 1 : Math.ceil(this.#atMs / frameMs - 0.001) - 1) * frameMs);
  }

  readonly #tick = (now: number): void => {
    if (!this.#isPlaying) return;
    const { durationMs } = this.#playback;
    // A page that was held up does not jump.
    const elapsed = this.#last === 0 ? 0 : Math.min(100, now - this.#last);
    this.#last = now;
    this.seek(this.#atMs + elapsed / 1000 / this.#secondsForAll * durationMs);
    if (this.#atMs >= durationMs) this.pause();
    else requestAnimationFrame(this.#tick);
  };
}
