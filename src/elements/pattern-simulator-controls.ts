/** A control for each parameter, with its unit, and one for the traffic. */
import { readout } from '../simulator/figure-words.ts';
import type { Described } from '../simulator/figure-words.ts';
import type { Parameter } from '../simulator/scenario.ts';
import type { Chosen } from '../simulator/settings.ts';
import { button, node } from './nodes.ts';

export interface Controls {
  cells: HTMLElement[];
  /** Puts the controls where the settings are. */
  show: (chosen: Chosen) => void;
}

type Value = number | string | boolean;

export function controlsOf({ parameters }: Described, name: string, change: (change: Partial<Chosen>) => void, read: () => Chosen): Controls {
  const controls = Object.entries(parameters).map(([id, parameter]) => control(`${name}-${id}`, parameter, (value) => change({ settings: { ...read().settings, [id]: value } as Chosen['settings'] })));
  const seed = node('input');
  seed.type = 'number';
  seed.min = '0';
  seed.max = String(2 ** 31 - 1);
  seed.id = `${name}-seed`;
  seed.addEventListener('change', () => {
    if (seed.validity.valid && seed.value !== '') change({ seed: Number(seed.value) });
    else seed.value = String(read().seed);
  });
  const other = button('', 'Other traffic', () => change({ seed: read().seed % (2 ** 31 - 1) + 1 }));
  return {
    cells: [...controls.map(({ cell }) => cell), node('li', 'sim-control', label(seed.id, 'Traffic number'), node('div', 'sim-seed', seed, other))],
    show: ({ settings, seed: chosen }) => {
      Object.keys(parameters).forEach((id, at) => controls[at]?.show(settings[id] as Value));
      seed.value = String(chosen);
    },
  };
}

function control(id: string, parameter: Parameter, changed: (value: Value) => void): { cell: HTMLElement; show: (value: Value) => void } {
  if (parameter.kind === 'choice') {
    const select = node('select', '', ...Object.entries(parameter.options).map(([value, text]) => new Option(text, value)));
    select.id = id;
    select.addEventListener('change', () => changed(select.value));
    return { cell: node('li', 'sim-control', label(id, parameter.label), select), show: (value) => { select.value = String(value); } };
  }
  const input = node('input');
  input.id = id;
  if (parameter.kind === 'flag') {
    input.type = 'checkbox';
    input.addEventListener('change', () => changed(input.checked));
    return { cell: node('li', 'sim-control sim-flag', label(id, parameter.label), input), show: (value) => { input.checked = value === true; } };
  }
  const { min, max, step } = parameter;
  const number = node('b');
  number.ariaHidden = 'true';
  Object.assign(input, { type: 'range', min: String(min), max: String(max), step: String(step) });
  const show = (value: Value): void => {
    input.value = String(value);
    number.textContent = readout(parameter, value);
    input.setAttribute('aria-valuetext', number.textContent);
  };
  input.addEventListener('input', () => {
    show(Number(input.value));
    changed(Number(input.value));
  });
  return { cell: node('li', 'sim-control', label(id, parameter.label), number, input), show };
}

function label(id: string, text: string): HTMLLabelElement {
  const element = node('label', '', text);
  element.htmlFor = id;
  return element;
}
