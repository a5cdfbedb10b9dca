/** A thread of its own for Mermaid and the globals that it needs. The pool sends one diagram at a time. */
import { parentPort } from 'node:worker_threads';
import { createDraw } from './draw.ts';
import type { Drawing } from './drawing.ts';
import { locateError } from './locate.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-protocol.ts';

const drawing = createDraw();

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    const draw = await drawing;
    const start = performance.now();
    const { rules: _unshipped, ...shipped } = await draw(request);
    return { drawing: shipped satisfies Drawing, durationMs: performance.now() - start };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, place: locateError(error, request.source) } };
  }
}
