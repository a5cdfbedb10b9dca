import { begun } from './sandbox-answer.ts';

/**
 * The script of /sandbox.html. It stands in a frame without an origin, takes one job from the page that holds
 * it, runs it in a worker and hands back that it has begun and one answer. Where it has an origin, it does nothing at all.
 */
const home = new URL(location.href).origin;

if (self.origin === 'null' && parent !== self) {
  let worker: Worker | undefined;
  let isAnswered = false;
  const answer = (data: unknown): void => {
    worker?.terminate();
    if (isAnswered) return;
    isAnswered = true;
    parent.postMessage({ type: 'answer', answer: data }, home);
  };
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== parent || origin !== home || worker !== undefined || !isRequest(data)) return;
    worker = new Worker(URL.createObjectURL(new Blob([data.script], { type: 'text/javascript' })));
    let isBegun = false;
    worker.addEventListener('message', (event: MessageEvent<unknown>) => {
      // Of a flood the rest is not even read.
      if (isAnswered) return;
      if (isBegun || event.data !== begun) return answer(event.data);
      isBegun = true;
      parent.postMessage({ type: begun }, home);
    });
    worker.addEventListener('messageerror', () => answer({ problem: { message: 'The result cannot be passed on' }, printed: [] }));
    worker.addEventListener('error', ({ message }) => answer({ problem: { message: message || 'The worker of the sandbox did not start' }, printed: [] }));
    worker.postMessage(data.job);
  });
  parent.postMessage({ type: 'ready' }, home);
}

function isRequest(data: unknown): data is { script: string; job: unknown } {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'run' && 'script' in data && typeof data.script === 'string' && 'job' in data;
}
