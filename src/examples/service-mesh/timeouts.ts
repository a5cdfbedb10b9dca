import type { Facts, Finding, Mesh } from './resources.ts';
import { routesOf, triesOf } from './retries.ts';

// #region timeouts
/** The limit of a route holds for all its tries together; whoever waits outside must wait longer than what is inside. */
export function contradictingTimeouts(mesh: Mesh, { calls }: Facts): Finding[] {
  return routesOf(mesh, calls).flatMap(({ resource, host, route }) => {
    const { name, timeout, retries } = route;
    const say = (message: string): Finding => ({ rule: 'timeouts', resource, message: `'${name}' ${message}` });
    if (timeout === undefined || durationMs(timeout) === 0) return [say('has no timeout, and the mesh sets none: a call that hangs, hangs for ever')];
    const limitMs = durationMs(timeout);
    const found = calls.filter(({ to, timeoutMs }) => to === host && timeoutMs <= limitMs)
      .map(({ from, timeoutMs }) => say(`may take ${timeout}, and '${from}' leaves after ${timeoutMs} ms: the tries that follow are for nobody`));
    if (retries?.perTryTimeout === undefined) return found;
    const tryMs = durationMs(retries.perTryTimeout);
    if (tryMs >= limitMs) return [...found, say(`ignores perTryTimeout ${retries.perTryTimeout}: it must be below the timeout ${timeout}`)];
    const whole = Math.floor(limitMs / tryMs);
    if (whole < triesOf(route)) found.push(say(`has time for ${whole} of ${triesOf(route)} tries: ${timeout} for ${retries.perTryTimeout} each`));
    return found;
  });
}
// #endregion timeouts

/** `1h`, `1m30s`, `250ms`, `1.5s`. @throws RangeError */
export function durationMs(text: string): number {
  const units = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) throw new RangeError(`'${text}' is no duration: expected numbers with h, m, s or ms, such as 1m30s`);
  return [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
}
