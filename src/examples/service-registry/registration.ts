import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { LeaseLostError, RegistryTimeoutError, requireDelay } from './contract.ts';
import type { Instance, Lease, RegistryPort } from './contract.ts';
import { within } from './within.ts';

export interface RegistrationOptions {
  registry: Pick<RegistryPort, 'register' | 'renew' | 'deregister'>;
  instance: Instance;
  /** For one call to the registry. */
  timeoutMs?: number;
  /** Longest pause after a first failure; doubled with each further one, up to a third of the lease. */
  retryMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: RegistrationEvent) => void;
}

export type RegistrationEvent = { id: string; atMs: number } & ({ type: 'registered' | 'renewed' | 'deregistered' } | { type: 'failed'; error: unknown });

/** Until the first answer says how long a lease is. */
const unknownLeaseMs = 30_000;

/**
 * The instance's side: registers, renews within a third of the lease so that two renewals may be lost, registers again when the
 * lease is lost, and deregisters when `signal` aborts. Begin when the instance is warm; end before it stops to serve.
 * Resolves when it has left the list. If the registry cannot be told, the lease ends by itself.
 * @throws LeaseLostError when another process, and no late registration of our own, has registered with the same id
 */
export async function keepRegistered({ registry, instance, timeoutMs = 2_000, retryMs = 1_000, clock = systemClock, random = Math.random, onEvent }: RegistrationOptions, signal: AbortSignal): Promise<void> {
  requireDelay('timeoutMs', timeoutMs);
  requireDelay('retryMs', retryMs);
  const emit = (event: { type: 'registered' | 'renewed' | 'deregistered' } | { type: 'failed'; error: unknown }): void => onEvent?.({ id: instance.id, atMs: clock.now(), ...event });
  const tooLate = (): Error => new RegistryTimeoutError(`the registry did not answer '${instance.id}' within ${timeoutMs} ms`);
  let lease: Lease | undefined;
  /** Registrations of ours that got no answer: until a renewal succeeds, each may still arrive and replace a later one. */
  let unanswered = 0;
  // #region renewals
  for (let failures = 0; !signal.aborted;) {
    const thirdMs = (lease?.leaseMs ?? unknownLeaseMs) / 3;
    let pauseMs: number;
    try {
      const held = lease;
      const call = async (limit: AbortSignal): Promise<Lease> => {
        if (held === undefined) return registry.register(instance, limit);
        await registry.renew(held, limit);
        return held;
      };
      // A registration is waited for at shutdown as well: else it takes effect after we have left, and nobody holds its lease.
      lease = await within(clock, timeoutMs, call, tooLate, held && signal);
      failures = 0;
      if (held !== undefined) unanswered = 0;
      // Drawn anew each time: instances that started together do not stay in step.
      pauseMs = (lease.leaseMs / 3) * (0.5 + random() / 2);
      emit({ type: held === undefined ? 'registered' : 'renewed' });
    } catch (error) {
      if (signal.aborted) break;
      if (lease === undefined) unanswered += 1;
      else if (error instanceof LeaseLostError) {
        // It may have been ourselves.
        if (error.reason === 'replaced' && unanswered-- === 0) throw error;
        lease = undefined;
      }
      pauseMs = random() * Math.min(retryMs * 2 ** failures, thirdMs);
      failures += 1;
      emit({ type: 'failed', error });
    }
    await clock.sleep(pauseMs, signal).catch(() => {});
  }
  // #endregion renewals
  if (lease === undefined) return;
  const last = lease;
  // With a limit of its own: the signal has aborted already.
  await within(clock, timeoutMs, (limit) => registry.deregister(last, limit), tooLate).then(
    () => emit({ type: 'deregistered' }),
    (error: unknown) => emit({ type: 'failed', error }),
  );
}
