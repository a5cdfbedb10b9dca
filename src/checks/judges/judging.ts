import { parentPort, workerData } from 'node:worker_threads';

/** What a judge does in its thread: it is given texts and answers with a verdict on each, in their order. */
export async function judging<Verdict>(judge: (text: string) => Verdict | Promise<Verdict>): Promise<void> {
  const verdicts: Verdict[] = [];
  for (const text of workerData as string[]) verdicts.push(await judge(text));
  parentPort?.postMessage(verdicts);
}
