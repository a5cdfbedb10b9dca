import { expect, test } from 'vitest';
import { plannedOutages, randomOutages, rollingRestart } from './outages.ts';
import { Simulation } from './simulation.ts';

test('planned outages begin and end at their times, and an empty one does not happen', async () => {
  const simulation = new Simulation(1);
  const log: string[] = [];
  plannedOutages(simulation, [[30, 40], [5, 10], [20, 20]], () => log.push(`down ${simulation.now()}`), () => log.push(`up ${simulation.now()}`));
  await simulation.run(100);
  expect(log).toEqual(['down 5', 'up 10', 'down 30', 'up 40']);
});

test('random outages take turns, and in the long run it is up for up / (up + down) of the time', async () => {
  const simulation = new Simulation(1);
  let [isUp, upMs, sinceMs, failures, wrong] = [true, 0, 0, 0, 0];
  const turn = (to: boolean) => (): void => {
    if (isUp === to) wrong++;
    if (isUp) upMs += simulation.now() - sinceMs;
    else failures++;
    [isUp, sinceMs] = [to, simulation.now()];
  };
  randomOutages(simulation, { upMs: 900, downMs: 100, stream: 'disk' }, turn(false), turn(true));
  await simulation.run(20_000_000);
  expect(wrong).toBe(0);
  expect(Math.abs(failures / 20_000 - 1)).toBeLessThan(0.03);
  expect(Math.abs(upMs / 20_000_000 - 0.9)).toBeLessThan(0.003);
});

test('a rolling restart takes one instance at a time', async () => {
  const simulation = new Simulation(1);
  const log: string[] = [];
  rollingRestart(simulation, ['a', 'b', 'c'], { startMs: 100, downMs: 30, gapMs: 10 }, (name) => log.push(`${name} down ${simulation.now()}`), (name) => log.push(`${name} up ${simulation.now()}`));
  await simulation.run(1000);
  expect(log).toEqual(['a down 100', 'a up 130', 'b down 140', 'b up 170', 'c down 180', 'c up 210']);
});
