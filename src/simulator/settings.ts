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
  // Of a name that stands there twice the last counts; a made-up address may hold thousands.
  for (const [name, text] of new Map(entries)) {
    const complain = (label: string, rule: string): number => complaints.push(`The address asks for ${label} “${shortened(text)}”; ${rule}. The default is used.`);
    const parameter = Object.hasOwn(scenario.parameters, name) ? scenario.parameters[name] : undefined;
    if (name === 'seed') {
      if (/^\d{1,10}$/.test(text) && Number(text) <= largestSeed) seed = Number(text);
      else complain(name, `it is a whole number up to ${largestSeed}`);
    } else if (parameter !== undefined) {
      const value = readValue(parameter, text);
      if (value === undefined) complain(parameter.label, expectation(parameter));
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
  // No minus before a zero: it would be written without.
  const value = Number(text) + 0;
  const steps = (value - parameter.min) / parameter.step;
  return text.trim() !== '' && value >= parameter.min && value <= parameter.max && Math.abs(steps - Math.round(steps)) < 1e-6 ? value : undefined;
}

function expectation(parameter: Parameter): string {
  if (parameter.kind === 'flag') return 'it is true or false';
  if (parameter.kind === 'choice') return `it is one of ${Object.keys(parameter.options).join(', ')}`;
  return `it lies between ${parameter.min} and ${parameter.max}${parameter.unit === '' ? '' : ` ${parameter.unit}`}, in steps of ${parameter.step}`;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
