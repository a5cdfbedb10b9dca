/** Settings and seed, as they stand in an address. */
import type { Parameter, Parameters, Scenario, Settings } from './scenario.ts';

export const defaultSeed = 1;
const largestSeed = 2 ** 31 - 1;

export interface Chosen { settings: Settings; seed: number }

export function defaultSettings<P extends Parameters>(scenario: Pick<Scenario<P>, 'parameters'>): Settings<P> {
  return Object.fromEntries(Object.entries(scenario.parameters).map(([id, parameter]) => [id, parameter.default])) as Settings<P>;
}

/**
 * Reads what an address says. What cannot be used falls back to its default, with a sentence that says so.
 * @param entries pairs of a query string; names that are no parameter are somebody else's
 */
export function readSettings(scenario: Pick<Scenario, 'parameters'>, entries: Iterable<readonly [string, string]>): Chosen & { complaints: string[] } {
  const settings: Record<string, number | string | boolean> = { ...defaultSettings(scenario) };
  const complaints: string[] = [];
  let seed = defaultSeed;
  for (const [name, text] of entries) {
    const parameter = Object.hasOwn(scenario.parameters, name) ? scenario.parameters[name] : undefined;
    if (name === 'seed') {
      if (/^\d{1,10}$/.test(text) && Number(text) <= largestSeed) seed = Number(text);
      else complaints.push(`The address asks for seed “${shortened(text)}”; a seed is a whole number up to ${largestSeed}. Seed ${seed} is used.`);
    } else if (parameter !== undefined) {
      const value = readValue(parameter, text);
      if (value === undefined) complaints.push(`The address asks for ${parameter.label} “${shortened(text)}”; ${expectation(parameter)}. The default is used.`);
      else settings[name] = value;
    }
  }
  return { settings, seed, complaints };
}

/** Pairs for a query string: only what differs from the defaults. */
export function writeSettings(scenario: Pick<Scenario, 'parameters'>, { settings, seed }: Chosen): [string, string][] {
  const changed = Object.entries(scenario.parameters).filter(([id, parameter]) => settings[id] !== parameter.default);
  return [...changed.map(([id]): [string, string] => [id, String(settings[id])]), ...(seed === defaultSeed ? [] : [['seed', String(seed)] satisfies [string, string]])];
}

function readValue(parameter: Parameter, text: string): number | string | boolean | undefined {
  if (parameter.kind === 'flag') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (parameter.kind === 'choice') return Object.hasOwn(parameter.options, text) ? text : undefined;
  const value = Number(text);
  return text.trim() !== '' && value >= parameter.min && value <= parameter.max ? value : undefined;
}

function expectation(parameter: Parameter): string {
  if (parameter.kind === 'flag') return 'it is true or false';
  if (parameter.kind === 'choice') return `it is one of ${Object.keys(parameter.options).join(', ')}`;
  return `it lies between ${parameter.min} and ${parameter.max}${parameter.unit === '' ? '' : ` ${parameter.unit}`}`;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
