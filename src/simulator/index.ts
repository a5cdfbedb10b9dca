/** The one door of this room, for scenarios. */
export { burst, closedLoop, poissonArrivals, ramp } from './arrivals.ts';
export type { RandomStream } from './random-stream.ts';
export type { Recorder, Recording } from './recorder.ts';
export { defineScenario } from './scenario.ts';
export type { Parameters, Scenario, Settings, World } from './scenario.ts';
export { Service, ServiceBusyError, ServiceDownError } from './service.ts';
export type { Simulation } from './simulation.ts';
export { CallTimeoutError, withTimeLimit } from './time-limit.ts';
export { WorkerPool } from './worker-pool.ts';
export { count, duration, plain } from './wording.ts';
