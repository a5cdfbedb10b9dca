/** What runs in a thread of `../judge-threads.ts`: it loads judges as they are asked for, and keeps them. */
import { parentPort } from 'node:worker_threads';
import type { Asked, Judge, Told } from '../judge-threads.ts';

parentPort?.on('message', (asked: Asked) => {
  void answer(asked).then((told) => parentPort?.postMessage(told));
});

async function answer({ judge, texts }: Asked): Promise<Told> {
  try {
    const { judging } = await import(judge) as { judging: Judge<unknown> };
    const verdicts: unknown[] = [];
    for (const text of texts) verdicts.push(await judging(text));
    return { verdicts };
  } catch (error) {
    return { failure: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}
