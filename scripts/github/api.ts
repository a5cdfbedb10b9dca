/** The few questions that workflows ask GitHub. What a workflow is told comes from its environment. */

export class GitHubError extends Error {
  override name = 'GitHubError';
}

/** What its own token is called where it wrote something. */
const self = 'github-actions[bot]';
const mostPages = 20;

export interface Written { id: number; number?: number; body: string | null; user: { login: string } | null; pull_request?: object }

export class GitHub {
  readonly #api: string;
  readonly #token: string;
  /** Such as `pattern-atlas/pattern-atlas`. */
  readonly repository: string;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.#api = environment['GITHUB_API_URL'] ?? 'https://api.github.com';
    this.#token = named(environment, 'GITHUB_TOKEN');
    this.repository = named(environment, 'GITHUB_REPOSITORY');
  }

  /** @param path below the repository, such as `/issues/1` @throws GitHubError */
  async ask<Answer>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#api}/repos/${this.repository}${path}`, {
      method, redirect: 'error', signal: AbortSignal.timeout(30_000), ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${this.#token}`, 'x-github-api-version': '2022-11-28', 'content-type': 'application/json', 'user-agent': 'pattern-atlas' },
    });
    if (!response.ok) throw new GitHubError(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    return await response.json() as Answer;
  }

  /** Every item of a list, page after page. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const found = await this.ask<Item[]>('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`);
      items.push(...found);
      if (found.length < 100) return items;
    }
    return items;
  }

  /** What a workflow wrote here before, told by a mark at its beginning; anybody may write the mark, but not under this name. */
  async own(path: string, mark: string): Promise<Written | undefined> {
    return (await this.all<Written>(path)).find(({ body, user }) => user?.login === self && body?.startsWith(mark) === true);
  }
}

function named(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new GitHubError(`${name} is not set; this runs in a workflow, which sets it`);
  return value;
}
