/** Runs a job behind three walls: a frame without an origin, a policy that lets nothing out, and a worker that can be ended. */
import { fromRoot } from './from-root.ts';
import { begun, readAnswer } from './sandbox-answer.ts';
import type { Answer, Job } from './sandbox-answer.ts';
import workerText from './sandbox-worker.ts?bundled';

const startLimitMs = 10_000;
export const runLimitMs = 5_000;

/**
 * A frame for each job: what is left of it, an endless loop too, goes with its frame.
 * @param script text of the worker; a test hands in a hostile one
 * @throws the reason of `signal`; everything else that goes wrong is an answer
 */
export function runInSandbox(job: Job, signal?: AbortSignal, script: string = workerText): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const frame = document.createElement('iframe');
    // Without allow-same-origin: no cookies, no storage, nothing of this page.
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.title = 'Sandbox';
    frame.hidden = true;
    frame.src = fromRoot('/sandbox.html');
    const ended = new AbortController();
    const end = (answer: Answer): void => {
      ended.abort();
      clearTimeout(timer);
      frame.remove();
      resolve(answer);
    };
    const failed = (message: string): void => end({ problem: { message }, printed: [] });
    let timer = setTimeout(() => failed(`the sandbox did not start within ${startLimitMs / 1000} s. Check the connection and run again.`), startLimitMs);
    addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
      if (source !== frame.contentWindow || origin !== 'null' || typeof data !== 'object' || data === null || !('type' in data)) return;
      if (data.type === 'ready') {
        // A frame without an origin can only be addressed by "*"; it is ours, and holds nothing but this.
        frame.contentWindow?.postMessage({ type: 'run', script, job }, '*');
      } else if (data.type === begun) {
        clearTimeout(timer);
        timer = setTimeout(() => failed(`stopped after ${runLimitMs / 1000} s: there was no result. Usually a loop has no end, or a wait of 0 ms is repeated for ever.`), runLimitMs);
      } else if (data.type === 'answer' && 'answer' in data) {
        try {
          end(readAnswer(data.answer));
        } catch (error) {
          failed(`The result cannot be shown: ${error instanceof Error ? error.message : 'it has another shape'}`);
        }
      }
    }, { signal: ended.signal });
    signal?.addEventListener('abort', () => {
      reject(signal.reason);
      failed('');
    }, { signal: ended.signal });
    document.body.append(frame);
  });
}
