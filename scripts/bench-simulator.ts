/** What the simulator costs on one core of this machine, in processor time: other programs do not count, as far as caches allow. */
import { existsSync, readdirSync } from 'node:fs';
import { poissonArrivals } from '../src/simulator/arrivals.ts';
import { runScenario } from '../src/simulator/run-scenario.ts';
import type { Staged } from '../src/simulator/scenario.ts';
import { Service } from '../src/simulator/service.ts';
import { defaultSeed, defaultSettings } from '../src/simulator/settings.ts';
import { Simulation } from '../src/simulator/simulation.ts';

const rounds = 5;

if (import.meta.main) {
  console.log(`Node ${process.versions.node}; the first round starts cold, then the best and the worst of ${rounds - 1}\n`);
  await events('callback events (M/M/1 at load 0.8)', (simulation) => {
    const service = new Service(simulation, { workers: 1 });
    const random = simulation.stream('service');
    poissonArrivals(simulation, 800, () => service.submit(random.exponential(1), () => {}));
  });
  await events('promise events (100 sleepers)', (simulation) => {
    for (let sleeper = 0; sleeper < 100; sleeper++) {
      const random = simulation.stream('sleeper', sleeper);
      simulation.spawn(async () => { for (;;) await simulation.sleep(random.exponential(100)); });
    }
  });
  const folders = new URL('../src/examples/', import.meta.url);
  for (const slug of readdirSync(folders).filter((name) => existsSync(new URL(`${name}/scenario.ts`, folders)))) {
    const staged = await import(new URL(`${slug}/scenario.ts`, folders).href) as Staged;
    const costs = await costsMs(() => runScenario(staged, defaultSettings(staged.scenario), defaultSeed));
    report(`scenario ${slug}`, costs, (ms) => `${ms.toFixed(0)} ms`);
  }
}

async function events(name: string, stage: (simulation: Simulation) => void): Promise<void> {
  let executed = 0;
  const costs = await costsMs(async () => {
    const simulation = new Simulation(1, Infinity);
    stage(simulation);
    await simulation.run(200_000);
    executed = simulation.executed;
  });
  report(name, costs, (ms) => `${(executed / ms / 1000).toFixed(2)} M/s`);
}

async function costsMs(run: () => Promise<unknown>): Promise<number[]> {
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return costs;
}

function report(name: string, [cold = 0, ...warm]: number[], show: (ms: number) => string): void {
  console.log(`${name.padEnd(42)} ${show(cold).padStart(10)} ${show(Math.min(...warm)).padStart(10)} ${show(Math.max(...warm)).padStart(10)}`);
}
