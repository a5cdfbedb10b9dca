/** Runs one server while the ring runs; each test file makes a database of its own on it. */
import type { TestProject } from 'vitest/node';
import { startServer } from './server.ts';
import type { Connection } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext { postgres: Connection }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { host, port, user, password, stop } = await startServer();
  project.provide('postgres', { host, port, user, password });
  return stop;
}
