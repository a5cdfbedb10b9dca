import type { EventType, Service } from './contract.ts';

interface Step { service: string; on?: EventType<unknown>; announces: EventType<unknown> }

// #region problems
/** All that is wrong with the flow of events as declared, each as a sentence; empty if nothing is. */
export function flowProblems(catalogue: readonly EventType<unknown>[], services: readonly Service[]): string[] {
  const steps = stepsOf(services);
  const read = services.flatMap(({ name, reactions }) => reactions.map(({ on }) => ({ service: name, type: on })));
  const used = [...steps.map(({ service, announces }) => ({ service, type: announces })), ...read];
  return [
    ...repeated(services.map(({ name }) => name)).map((name) => `two services are called '${name}'`),
    ...repeated(catalogue.map(({ type }) => type)).map((type) => `'${type}' stands in the catalogue twice`),
    ...repeated(read.map(({ service, type }) => `${service} reacts twice to '${type.type}'`)),
    ...catalogue.filter(({ type, owner }) => !new RegExp(`^${owner}\\.[a-z]+(-[a-z]+)*\\.v[1-9]\\d*$`).test(type))
      .map(({ type, owner }) => `'${type}' must be named '${owner}.what-happened.v1'`),
    ...used.filter(({ type }) => !catalogue.includes(type)).map(({ service, type }) => `${service} uses '${type.type}', which is not in the catalogue`),
    ...steps.filter(({ service, announces }) => announces.owner !== service)
      .map(({ service, announces }) => `${service} announces '${announces.type}', which belongs to ${announces.owner}`),
    ...catalogue.filter((type) => !steps.some(({ announces }) => announces === type)).map(({ type }) => `nobody announces '${type}'`),
    ...catalogue.filter((type) => type.outside === undefined && !read.some((reader) => reader.type === type)).map(({ type }) => `nobody reacts to '${type}'`),
    ...cycles(steps).map((path) => `events go in a circle: ${path.join(' → ')}`),
  ];
}
// #endregion problems

// #region diagram
/** The flow as the lines of a Mermaid flowchart: who tells whom of what. */
export function flowDiagram(services: readonly Service[]): string[] {
  const steps = stepsOf(services);
  const lines = services.flatMap(({ name, reactions }) => reactions.flatMap(({ on }) => [...new Set(steps.filter(({ announces }) => announces === on).map(({ service }) => service))]
    .map((from) => `${from} -->|${on.type.split('.')[1]!.replaceAll('-', ' ')}| ${name}`)));
  return lines.sort();
}
// #endregion diagram

function stepsOf(services: readonly Service[]): Step[] {
  return services.flatMap(({ name, announces, reactions }) => [
    ...announces.map((type) => ({ service: name, announces: type })),
    ...reactions.flatMap(({ on, announces: types }) => types.map((type) => ({ service: name, on, announces: type }))),
  ]);
}

/** Each circle once, from the event that stands first in the alphabet. */
function cycles(steps: readonly Step[]): string[][] {
  const next = Map.groupBy(steps.filter(({ on }) => on !== undefined), ({ on }) => on!.type);
  const found = new Map<string, string[]>();
  const walk = (path: readonly string[]): void => {
    for (const type of new Set((next.get(path.at(-1)!) ?? []).map(({ announces }) => announces.type))) {
      if (type === path[0]) found.set(path.join(), [...path, type]);
      else if (type > path[0]! && !path.includes(type)) walk([...path, type]);
    }
  };
  for (const type of next.keys()) walk([type]);
  return [...found.values()];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
