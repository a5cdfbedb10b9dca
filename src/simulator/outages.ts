/** When something is away: by plan, by chance, or one after another. What "away" means is the caller's, for example `crash` and `restart`. */
import type { Simulation } from './simulation.ts';

/** @param windows stretches of time in ms, in any order, that do not overlap */
export function plannedOutages(simulation: Simulation, windows: readonly (readonly [fromMs: number, untilMs: number])[], down: () => void, up: () => void): void {
  for (const [fromMs, untilMs] of windows) {
    if (!(fromMs < untilMs)) continue;
    simulation.setTimeout(down, fromMs - simulation.now());
    simulation.setTimeout(up, untilMs - simulation.now());
  }
}

/** Fails and is mended again and again. Both times are exponential, so in the long run it is up for `upMs / (upMs + downMs)` of the time. */
export function randomOutages(simulation: Simulation, { upMs, downMs, stream }: { /** Mean time between the end of one failure and the next. */ upMs: number; /** Mean time to repair. */ downMs: number; /** Of random numbers; each instance needs one of its own. */ stream: string }, down: () => void, up: () => void): void {
  const random = simulation.stream(stream);
  const fail = (): void => {
    simulation.setTimeout(() => {
      down();
      simulation.setTimeout(() => {
        up();
        fail();
      }, random.exponential(downMs));
    }, random.exponential(upMs));
  };
  fail();
}

/** A deployment: one instance after another goes down and comes up again. `gapMs` lies between one's coming up and the next one's going down. */
export function rollingRestart<Instance>(simulation: Simulation, instances: readonly Instance[], { startMs, downMs, gapMs }: { startMs: number; downMs: number; gapMs: number }, down: (instance: Instance) => void, up: (instance: Instance) => void): void {
  for (const [at, instance] of instances.entries()) {
    const fromMs = startMs + at * (downMs + gapMs);
    plannedOutages(simulation, [[fromMs, fromMs + downMs]], () => down(instance), () => up(instance));
  }
}
