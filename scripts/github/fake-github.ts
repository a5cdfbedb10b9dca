/** A server on this machine that answers like the few parts of GitHub's API that workflows ask, for tests. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GitHub } from './api.ts';
import type { Written } from './api.ts';

export class FakeGitHub {
  readonly pulls: { number: number; state: string; head: { label: string; sha: string; repo: { full_name: string } } }[] = [];
  readonly comments: (Written & { issue: number })[] = [];
  readonly issues: (Written & { state: string; title: string })[] = [];
  readonly artifacts: { id: number; name: string; expired: boolean }[] = [];
  /** Method and path of every request that changed something. */
  readonly writes: string[] = [];
  #server: Server | undefined;
  origin = '';

  async start(): Promise<GitHub> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const answer = request.headers.authorization === 'Bearer secret' ? this.#answer(request.method ?? '', new URL(request.url ?? '', 'http://x'), body === '' ? {} : JSON.parse(body) as Record<string, string>) : undefined;
        response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { message: 'Not Found' }));
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.client();
  }

  client(token = 'secret'): GitHub {
    return new GitHub({ GITHUB_API_URL: this.origin, GITHUB_TOKEN: token, GITHUB_REPOSITORY: 'a/b' });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => void this.#server?.close(() => resolve()));
  }

  #answer(method: string, { pathname, searchParams }: URL, body: Record<string, string>): unknown {
    const path = pathname.replace(/^\/repos\/a\/b/, '');
    if (method !== 'GET') this.writes.push(`${method} ${path}`);
    const user = { login: 'github-actions[bot]' };
    const page = <Item>(items: Item[]): Item[] => items.slice((Number(searchParams.get('page') ?? 1) - 1) * 100, Number(searchParams.get('page') ?? 1) * 100);
    if (method === 'GET' && path === '/pulls') return page(this.pulls.filter(({ state, head }) => state === searchParams.get('state') && head.label === searchParams.get('head')));
    if (method === 'GET' && path === '/issues') return page(this.issues.filter(({ state }) => state === searchParams.get('state')));
    if (method === 'GET' && /^\/actions\/runs\/\d+\/artifacts$/.test(path)) return { artifacts: this.artifacts };
    const issue = Number(/^\/issues\/(\d+)/.exec(path)?.[1]);
    if (path === `/issues/${issue}/comments`) return method === 'GET' ? page(this.comments.filter((each) => each.issue === issue)) : added(this.comments, { id: this.comments.length + 1, issue, user, body: body['body'] ?? '' });
    if (method === 'POST' && path === '/issues') return added(this.issues, { id: 1, number: this.issues.length + 1, state: 'open', user, title: body['title'] ?? '', body: body['body'] ?? '' });
    const comment = this.comments.find(({ id }) => path === `/issues/comments/${id}`);
    const known = comment ?? this.issues.find(({ number }) => number === issue);
    return method === 'PATCH' && known !== undefined ? Object.assign(known, body) : undefined;
  }
}

function added<Item>(list: Item[], item: Item): Item {
  list.push(item);
  return item;
}
