import type { Link } from './link.ts';
import type { RandomStream } from './random-stream.ts';

/**
 * A call over a network: the request goes `there`, the answer or the error comes `back`. Where either is lost the promise
 * never settles, so the caller needs a time limit and cannot tell whether the work was done. A request that arrives twice
 * is worked on twice; the caller gets the answer that comes first.
 * @param serve what the other side does with the request
 * @param random draws for this call; those of the links when left out
 * @throws whatever `serve` throws
 */
export function callOver<Answer>(there: Link, back: Link, serve: () => Promise<Answer>, random?: RandomStream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    there.send(() => {
      new Promise<Answer>((begun) => begun(serve())).then(
        (answer) => back.send(() => resolve(answer), random),
        (error: unknown) => back.send(() => reject(error), random),
      );
    }, random);
  });
}
