/** Visits addresses as a polite guest: one request at a time for each host, HEAD before GET, a pause in between, few repeats. */

export type Outcome = 'found' | 'moved' | 'refused' | 'lost';
export interface Visit { address: string; outcome: Outcome; /** In a few words. */ detail: string }

export interface Manners {
  hostsAtOnce: number;
  pauseMs: number;
  timeoutMs: number;
  repeats: number;
  sleep(ms: number): Promise<void>;
}

export const politely: Manners = {
  hostsAtOnce: 8, pauseMs: 1_000, timeoutMs: 20_000, repeats: 2,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const mostRedirects = 8;
const longestWaitMs = 60_000;
/** Answers to programs that say little about what a reader gets. */
const refusals = new Set([401, 402, 403, 405, 406, 418, 429, 451, 999]);

/** In the order of the addresses. */
export async function visitAll(addresses: readonly string[], guest: string, manners: Manners = politely): Promise<Visit[]> {
  const byHost = Map.groupBy(addresses, (address) => new URL(address).host);
  const queues = [...byHost.values()];
  const visits = new Map<string, Visit>();
  const worker = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const [at, address] of queue.entries()) {
        if (at > 0) await manners.sleep(manners.pauseMs);
        visits.set(address, await visit(address, guest, manners));
      }
    }
  };
  await Promise.all(Array.from({ length: manners.hostsAtOnce }, worker));
  return addresses.flatMap((address) => visits.get(address) ?? []);
}

async function visit(address: string, guest: string, manners: Manners): Promise<Visit> {
  let last: Visit = { address, outcome: 'lost', detail: 'no answer' };
  for (let attempt = 0; attempt <= manners.repeats; attempt++) {
    const answer = await askTwice(address, guest, manners);
    if (answer.again === undefined) return answer.visit;
    last = answer.visit;
    if (attempt < manners.repeats) await manners.sleep(Math.min(longestWaitMs, Math.max(answer.again, manners.pauseMs * 4 ** attempt)));
  }
  return last;
}

interface Answer { visit: Visit; /** Worth another attempt after so many milliseconds. */ again?: number }

/** Some servers know no HEAD, or answer it wrongly: only what GET says too is bad news. */
async function askTwice(address: string, guest: string, manners: Manners): Promise<Answer> {
  const head = await ask(address, 'HEAD', guest, manners);
  if (head.visit.outcome === 'found' || head.visit.outcome === 'moved') return head;
  await manners.sleep(manners.pauseMs);
  return ask(address, 'GET', guest, manners);
}

async function ask(address: string, method: 'HEAD' | 'GET', guest: string, { timeoutMs }: Manners): Promise<Answer> {
  let place = address;
  /** Where permanent redirects alone lead to. */
  let lasting: string | undefined;
  let onlyLasting = true;
  try {
    for (let step = 0; step <= mostRedirects; step++) {
      const response = await fetch(place, { method, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), headers: { 'user-agent': guest, accept: 'text/html,*/*;q=0.8' } });
      await response.body?.cancel();
      const to = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || to === null) return answerOf(address, response, lasting);
      place = new URL(to, place).href;
      onlyLasting &&= response.status === 301 || response.status === 308;
      if (onlyLasting) lasting = place;
    }
    return { visit: { address, outcome: 'lost', detail: `more than ${mostRedirects} redirects` } };
  } catch (error) {
    return { visit: { address, outcome: 'lost', detail: reasonOf(error) }, again: 0 };
  }
}

function answerOf(address: string, { status, ok, headers }: Response, lasting: string | undefined): Answer {
  if (ok) return { visit: lasting === undefined ? { address, outcome: 'found', detail: String(status) } : { address, outcome: 'moved', detail: lasting } };
  const visit: Visit = { address, outcome: refusals.has(status) ? 'refused' : 'lost', detail: String(status) };
  return status === 429 || status >= 500 ? { visit, again: waitMs(headers.get('retry-after')) } : { visit };
}

function waitMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code !== '' && !/^\d+$/.test(code) ? code : cause instanceof Error ? cause.message : String(cause);
}
