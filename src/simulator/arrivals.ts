/** When requests come. Each kind draws from a stream of its own, so the traffic is the same whatever becomes of it. */
import type { Simulation } from './simulation.ts';

/** What is asked for: a number from 0, in order of arrival. */
type Arrive = (number: number) => void;

/** Requests per second at a time in ms, and the most that it ever says. */
export interface VaryingRate { (atMs: number): number; readonly peak: number }

/**
 * Open loop: requests come whatever happens to those before them, as a Poisson process.
 * @param perSecond a number for a steady rate
 * @throws RangeError from the run, when a varying rate goes beyond its peak
 */
export function poissonArrivals(simulation: Simulation, perSecond: number | VaryingRate, arrive: Arrive, { stream = 'arrivals' }: { stream?: string } = {}): void {
  const random = simulation.stream(stream);
  const peak = typeof perSecond === 'number' ? perSecond : perSecond.peak;
  if (!(peak > 0)) return;
  let number = 0;
  const next = (): void => void simulation.schedule(random.exponential(1000 / peak), come);
  const come = (): void => {
    // Thinning (Lewis and Shedler): candidates at the peak rate, kept with the share that the present rate has of it.
    const kept = typeof perSecond === 'number' || random.chance(shareOfPeak(perSecond, simulation.now()));
    next();
    if (kept) arrive(number++);
  };
  next();
}

/**
 * Closed loop: each of `users` asks, waits for the answer, thinks, and asks again. They slow down with the service.
 * @param ask resolves or rejects when the user has an answer; a rejection is an answer too
 */
export function closedLoop(simulation: Simulation, { users, thinkMs, stream = 'users' }: { users: number; thinkMs: number; stream?: string }, ask: (user: number, turn: number) => Promise<unknown>): void {
  for (let user = 0; user < users; user++) {
    const random = simulation.stream(stream, user);
    simulation.spawn(async () => {
      for (let turn = 0; ; turn++) {
        await simulation.sleep(random.exponential(thinkMs));
        await ask(user, turn).catch(() => {});
      }
    });
  }
}

/** A rate that climbs in a straight line between two times, and stays where it was before and after. */
export function ramp(from: number, to: number, startMs: number, endMs: number): VaryingRate {
  return varying(Math.max(from, to), (atMs) => from + (to - from) * Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs))));
}

/** A rate with a burst: `base` outside of [startMs, endMs), `peak` inside. */
export function burst(base: number, peak: number, startMs: number, endMs: number): VaryingRate {
  return varying(Math.max(base, peak), (atMs) => (atMs >= startMs && atMs < endMs ? peak : base));
}

/** A rate of any shape, for example of a day with its night. */
export function varying(peak: number, perSecond: (atMs: number) => number): VaryingRate {
  return Object.assign((atMs: number) => perSecond(atMs), { peak });
}

function shareOfPeak(rate: VaryingRate, atMs: number): number {
  const share = rate(atMs) / rate.peak;
  if (share > 1) throw new RangeError(`a rate of ${rate(atMs)} per second at ${atMs} ms is beyond its peak of ${rate.peak}`);
  return share;
}
