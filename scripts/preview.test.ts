import { deflateRawSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { staticServer } from './static-server.ts';
import { zipEntries } from './zip-entries.ts';

describe('a ZIP archive', () => {
  test('gives its files by name, packed and unpacked, with slashes that lean forward', () => {
    const entries = zipEntries(archive({ 'index.html': '<h1>Hello</h1>', 'a\\b.txt': 'stored' }, ['a\\b.txt']));
    expect([...entries].map(([name, bytes]) => [name, bytes.toString()])).toEqual([['index.html', '<h1>Hello</h1>'], ['a/b.txt', 'stored']]);
  });

  test('that is none, or is cut, says so', () => {
    expect(() => zipEntries(Buffer.from('{}'))).toThrow(/no ZIP archive/);
    expect(() => zipEntries(archive({ 'index.html': 'x' }).subarray(10))).toThrow();
  });

  test('that unpacks to more than it says is refused', () => {
    expect(() => zipEntries(archive({ 'index.html': 'x'.repeat(1_000) }, [], 10))).toThrow(/larger/);
  });
});

test('a site is served as a host of static files does it', async () => {
  const server = staticServer(new Map(Object.entries({ 'index.html': 'home', 'patterns/saga/index.html': 'saga', '404.html': 'nothing', 'a b.css': 'x' }).map(([name, text]) => [name, Buffer.from(text)])));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = async (path: string): Promise<[number, string | null, string]> => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { redirect: 'manual' });
    return [response.status, response.headers.get('location') ?? response.headers.get('content-type'), await response.text()];
  };
  expect(await ask('/')).toEqual([200, 'text/html; charset=utf-8', 'home']);
  expect(await ask('/patterns/saga/?x=1')).toEqual([200, 'text/html; charset=utf-8', 'saga']);
  expect(await ask('/patterns/saga')).toEqual([301, '/patterns/saga/', '']);
  expect(await ask('/a%20b.css')).toEqual([200, 'text/css; charset=utf-8', 'x']);
  expect(await ask('/%E0%A4%A/../../etc/passwd')).toEqual([404, 'text/html; charset=utf-8', 'nothing']);
  server.close();
});

/** @param claimed what the archive says each packed file measures */
function archive(files: Record<string, string>, stored: readonly string[] = [], claimed?: number): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const method = stored.includes(name) ? 0 : 8;
    const body = method === 0 ? Buffer.from(text) : deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(body.length, 20);
    central.writeUInt32LE(claimed ?? text.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), body);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}
