import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { externalLinks } from './external-links.ts';
import { linkReport } from './link-report.ts';
import { visitAll } from './visit.ts';
import type { Manners, Visit } from './visit.ts';

describe('addresses', () => {
  const found = (file: string, text: string): string[] => [...externalLinks(new Map([[file, text]]), ['https://own.dev']).keys()];

  test('are found in links, in frontmatter and in sources, without what stands behind them', () => {
    expect(found('x.mdx', '---\nurl: https://a.dev/x\n---\n\nSee [b](https://b.dev/y#part), <https://c.dev/z>. And https://en.wiki.dev/Saga_(pattern), (https://d.dev).')).toEqual([
      'https://a.dev/x', 'https://b.dev/y', 'https://c.dev/z', 'https://d.dev', 'https://en.wiki.dev/Saga_(pattern)',
    ]);
    expect(found('x.yaml', 'url: "https://a.dev/x"\ndoi: 10.1145/38713.38742\n')).toEqual(['https://a.dev/x', 'https://doi.org/10.1145/38713.38742']);
  });

  test('are none in code, on this site, on this machine or under a reserved name', () => {
    expect(found('x.mdx', '`https://a.dev`\n\n```ts\nfetch("https://b.dev")\n```\n\nhttps://own.dev/x http://localhost:1/ http://127.0.0.1/ https://example.org/x https://shop.example/')).toEqual([]);
  });

  test('know where they stand', () => {
    const links = externalLinks(new Map([['a.mdx', '\nhttps://a.dev\n'], ['b.mdx', 'https://a.dev']]), []);
    expect(links.get('https://a.dev')).toEqual([{ file: 'a.mdx', line: 2 }, { file: 'b.mdx', line: 1 }]);
  });
});

describe('a visit', () => {
  const servers: Server[] = [];
  const slept: number[] = [];
  const manners: Manners = { hostsAtOnce: 4, pauseMs: 1_000, timeoutMs: 1_000, repeats: 2, sleep: async (ms) => void slept.push(ms) };

  async function host(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ origin: string; asked: string[]; most: () => number }> {
    const asked: string[] = [];
    let [now, most] = [0, 0];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      most = Math.max(most, ++now);
      response.once('close', () => now--);
      answer(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, most: () => most };
  }

  const outcome = async (address: string): Promise<Visit | undefined> => (await visitAll([address], 'guest', manners))[0];

  afterEach(async () => {
    slept.length = 0;
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    })));
  });

  test('asks HEAD, and no more where that is well', async () => {
    const { origin, asked } = await host((_, response) => response.end());
    expect(await outcome(`${origin}/x`)).toEqual({ address: `${origin}/x`, outcome: 'found', detail: '200' });
    expect(asked).toEqual(['HEAD /x']);
  });

  test('believes GET where HEAD has bad news', async () => {
    const { origin, asked } = await host(({ method }, response) => response.writeHead(method === 'HEAD' ? 404 : 200).end());
    expect((await outcome(`${origin}/x`))?.outcome).toBe('found');
    expect(asked).toEqual(['HEAD /x', 'GET /x']);
  });

  test('that is lost says the answer, and is not repeated', async () => {
    const { origin, asked } = await host((_, response) => response.writeHead(404).end());
    expect(await outcome(`${origin}/x`)).toMatchObject({ outcome: 'lost', detail: '404' });
    expect(asked).toHaveLength(2);
  });

  test('that is refused is no loss', async () => {
    const { origin } = await host((_, response) => response.writeHead(403).end());
    expect(await outcome(`${origin}/x`)).toMatchObject({ outcome: 'refused', detail: '403' });
  });

  test('follows redirects, and says where one leads that is for good', async () => {
    const { origin } = await host(({ url }, response) => (url === '/new' ? response.end() : response.writeHead(url === '/old' ? 301 : 302, { location: '/new' }).end()));
    expect(await outcome(`${origin}/old`)).toMatchObject({ outcome: 'moved', detail: `${origin}/new` });
    expect(await outcome(`${origin}/for-now`)).toMatchObject({ outcome: 'found' });
  });

  test('ends where redirects go in a circle', async () => {
    const { origin } = await host((_, response) => response.writeHead(302, { location: '/' }).end());
    expect(await outcome(`${origin}/`)).toMatchObject({ outcome: 'lost', detail: 'more than 8 redirects' });
  });

  test('waits as long as it is told, and comes back twice', async () => {
    let visits = 0;
    const { origin } = await host((_, response) => (++visits > 4 ? response.end() : response.writeHead(503, { 'retry-after': '7' }).end()));
    expect(await outcome(`${origin}/x`)).toMatchObject({ outcome: 'found' });
    expect(slept).toEqual([1_000, 7_000, 1_000, 7_000]);
  });

  test('that gets no answer is lost, with the reason', async () => {
    const { origin } = await host(() => {});
    expect(await visitAll([`${origin}/x`], 'guest', { ...manners, timeoutMs: 50, repeats: 0 })).toMatchObject([{ outcome: 'lost', detail: expect.stringMatching(/timeout/i) }]);
    expect(await visitAll(['http://127.0.0.1:9/'], 'guest', { ...manners, repeats: 0 })).toMatchObject([{ outcome: 'lost' }]);
  });

  test('never meets another at the same host, and pauses between two; other hosts need not wait', async () => {
    const slow = await host((_, response) => void setTimeout(() => response.end(), 20));
    const quick = await host((_, response) => response.end());
    const addresses = [...Array.from({ length: 4 }, (_, at) => `${slow.origin}/${at}`), `${quick.origin}/`];
    expect((await visitAll(addresses, 'guest', manners)).map(({ address }) => address)).toEqual(addresses);
    expect([slow.most(), slept]).toEqual([1, [1_000, 1_000, 1_000]]);
  });
});

describe('the report', () => {
  const links = new Map([['https://a.dev/x', [{ file: 'a.mdx', line: 3 }]], ['https://b.dev/', [{ file: 'b.yaml', line: 1 }]]]);
  const visits: Visit[] = [{ address: 'https://a.dev/x', outcome: 'lost', detail: '404' }, { address: 'https://b.dev/', outcome: 'moved', detail: 'https://c.dev/' }];

  test('lists what is lost with its place, and folds the rest', () => {
    expect(linkReport(links, visits, [])).toMatch(/^# External links that lead nowhere\n[\s\S]*\| <https:\/\/a\.dev\/x> \| `404` \| `a\.mdx:3` \|\n[\s\S]*<summary>Moved for good: 1<\/summary>/);
  });

  test('has a title alone where nothing is to be done', () => {
    expect(linkReport(links, visits.slice(1), [{ address: 'https://a.dev/', why: 'refuses' }])).toBe('# External links that lead nowhere\n');
  });

  test('names an exception that no page needs any more', () => {
    expect(linkReport(links, [], [{ address: 'https://gone.dev/', why: 'answers 403' }])).toContain('| `https://gone.dev/` | `answers 403` |');
  });
});
