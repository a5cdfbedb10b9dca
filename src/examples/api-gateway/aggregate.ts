import { BackendFailedError, BackendTimeoutError, outcomeOf } from './backend.ts';
import type { Backend, Exchange } from './backend.ts';

export interface Part {
  backend: Backend;
  /** Path and query to ask this service for; `url` is what the client asked the gateway for. */
  path: (url: URL) => string;
  /** Without a required part there is no page; without an optional one the page says what is missing. */
  required: boolean;
}

export type PartAnswer =
  | { status: 'ok'; data: unknown }
  | { status: 'missing'; reason: 'busy' | 'timeout' | 'failed' };

/** The contract with the client: every part is named on every page, and `complete` says whether all of them are there. */
export interface Page { complete: boolean; parts: Record<string, PartAnswer> }

type Named = [name: string, answer: PartAnswer];

/** A required service answered, but not with the data: `status` is its status code. */
export class BackendAnswerError extends Error {
  override readonly name = 'BackendAnswerError';
  readonly status: number;

  constructor(backend: string, status: number) {
    super(`${backend} answered ${status}`);
    this.status = status;
  }
}

// #region aggregate
/**
 * Asks all parts at once under one deadline.
 * @throws the error of the first required part that fails; the others are then aborted
 */
export async function aggregate(
  parts: Record<string, Part>, request: Request, exchange: Exchange,
): Promise<Page> {
  const stop = new AbortController();
  const signal = AbortSignal.any([exchange.signal, stop.signal]);
  const asked = asPartOf(request);
  const settle = async ([name, part]: [string, Part]): Promise<Named> => {
    try {
      const data = await ask(part, asked, { ...exchange, signal });
      return [name, { status: 'ok', data }];
    } catch (error) {
      if (part.required || signal.aborted) throw error;
      return [name, { status: 'missing', reason: outcomeOf(error) }];
    }
  };
  try {
    const answers = await Promise.all(Object.entries(parts).map(settle));
    const complete = answers.every(([, answer]) => answer.status === 'ok');
    return { complete, parts: Object.fromEntries(answers) };
  } finally {
    stop.abort(new DOMException('The page is finished or cannot be', 'AbortError'));
  }
}

async function ask(part: Part, request: Request, exchange: Exchange): Promise<unknown> {
  const { backend, path } = part;
  const url = new URL(request.url);
  const target = new URL(path(url), url);
  const response = await backend.call(request, target, exchange);
  if (!response.ok) {
    await response.body?.cancel();
    throw new BackendAnswerError(backend.name, response.status);
  }
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof BackendTimeoutError || exchange.signal.aborted) throw error;
    throw new BackendFailedError(`${backend.name} did not send JSON`, { cause: error });
  }
}
// #endregion aggregate

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range', 'range'];

/** The client's conditions and ranges are about the page; a part that obeyed them would answer 304 or 206. */
function asPartOf(request: Request): Request {
  const headers = new Headers(request.headers);
  for (const name of conditions) headers.delete(name);
  headers.set('accept', 'application/json');
  return new Request(request.url, { headers });
}
