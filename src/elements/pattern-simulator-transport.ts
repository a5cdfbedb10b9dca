/** Play, step, speed and the slider of time. */
import { clock } from '../simulator/figure-words.ts';
import type { Described } from '../simulator/figure-words.ts';
import { node } from './nodes.ts';
import type { Player } from './pattern-simulator-player.ts';

export interface Transport {
  rows: HTMLElement[];
  show: (atMs: number, spoken: string) => void;
  turn: (isPlaying: boolean) => void;
}

const icons = {
  play: 'M4 2.5v11l9-5.5z', pause: 'M4 3h3v10H4zM9 3h3v10H9z', back: 'M12 3v10L5 8zM3.5 3v10', forward: 'M4 3v10l7-5zM12.5 3v10', start: 'M13 8a5 5 0 1 1-1.6-3.7M13 1.5v3.5H9.5',
};
/** How long the whole takes. */
const speeds = { slow: 40, normal: 14, fast: 6 };

/** @param still true when the reader asked for no motion: then there are steps, and nothing that plays */
export function transportOf(described: Described, player: Player, still: boolean): Transport {
  const { durationMs, frameMs } = described;
  const scrub = node('input', 'sim-scrub');
  scrub.type = 'range';
  scrub.max = String(Math.ceil(durationMs / frameMs));
  scrub.ariaLabel = 'Time';
  scrub.addEventListener('input', () => {
    player.pause();
    player.seek(Number(scrub.value) * frameMs);
  });
  const time = node('span', 'sim-clock');
  time.ariaHidden = 'true';
  const play = node('button', 'sim-play');
  play.addEventListener('click', () => (player.isPlaying ? player.pause() : player.play()));
  const turn = (isPlaying: boolean): void => play.replaceChildren(icon(isPlaying ? 'pause' : 'play'), isPlaying ? 'Pause' : 'Play');
  turn(false);
  const speed = node('select', '', ...Object.keys(speeds).map((name) => new Option(name, name, name === 'normal', name === 'normal')));
  speed.ariaLabel = 'Speed';
  speed.addEventListener('change', () => { player.secondsForAll = speeds[speed.value as keyof typeof speeds]; });
  const buttons = [
    ...(still ? [] : [play]),
    iconButton('back', 'One frame back', () => player.step(-1)),
    iconButton('forward', 'One frame forward', () => player.step(1)),
    iconButton('start', 'Back to the start', () => {
      player.pause();
      player.seek(0);
    }),
  ];
  for (const each of buttons) each.type = 'button';
  const bar = node('div', 'sim-buttons', ...buttons, ...(still ? [] : [speed]));
  bar.role = 'group';
  bar.ariaLabel = 'Playback';
  return {
    rows: [node('div', 'sim-time', scrub, time), bar],
    turn,
    show: (atMs, spoken) => {
      scrub.value = String(Math.round(atMs / frameMs));
      scrub.setAttribute('aria-valuetext', spoken);
      time.textContent = `${clock(Math.floor(atMs / frameMs + 0.001) * frameMs, described)} of ${clock(durationMs, { ...described, frameMs: durationMs })}`;
    },
  };
}

function iconButton(name: keyof typeof icons, label: string, press: () => void): HTMLButtonElement {
  const element = node('button', 'sim-icon', icon(name));
  element.ariaLabel = label;
  element.title = label;
  element.addEventListener('click', press);
  return element;
}

function icon(name: keyof typeof icons): Element {
  const holder = node('span');
  holder.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${icons[name]}"/></svg>`;
  return holder.firstElementChild ?? holder;
}
