import { describe, expect, test } from 'vitest';
import { nearestPages } from './nearest-pages.ts';
import type { ListedPage } from './nearest-pages.ts';

const listed: ListedPage[] = [
  ['/', 'Home'],
  ['/patterns/', 'All patterns'],
  ['/patterns/circuit-breaker/', 'Circuit Breaker', '1.1', '1.0'],
  ['/patterns/retry-with-backoff/', 'Retry with Backoff', '1.0'],
  ['/patterns/saga/', 'Saga', '1.0'],
  ['/problems/retries-make-an-outage-worse/', 'Retries make an outage worse', '1.0'],
  ['/problems/a-queue-keeps-growing/', 'A queue keeps growing', '1.0'],
  ['/guides/one-slow-service/', 'One slow service', '1.0'],
];
const found = (path: string): string[] => nearestPages(path, listed).pages.map(([own]) => own);

describe('an address that leads nowhere', () => {
  test.each([
    ['a slip of the pen', '/patterns/circiut-breaker/', '/patterns/circuit-breaker/'],
    ['words joined', '/patterns/circuitbreaker', '/patterns/circuit-breaker/'],
    ['capitals, and the name of a file', '/Patterns/Saga/index.HTML', '/patterns/saga/'],
    ['another folder', '/problems/saga/', '/patterns/saga/'],
    ['no folder', '/circuit-breaker/', '/patterns/circuit-breaker/'],
    ['the beginning of a name', '/patterns/retry/', '/patterns/retry-with-backoff/'],
    ['another ending', '/patterns/saga.html', '/patterns/saga/'],
    ['words of a title', '/problems/queue-growing/', '/problems/a-queue-keeps-growing/'],
    ['something below a page', '/patterns/saga/comments/', '/patterns/saga/'],
  ])('for %s: %s', (_, path, own) => {
    expect(found(path)[0]).toBe(own);
  });

  test('like nothing gets no guess', () => {
    expect(found('/wp-login.php')).toEqual([]);
    expect(found('/patterns/%E0%A4%A/')).toEqual([]);
    expect(found('/x/')).toEqual([]);
  });

  test('that names a version which never was gets those that are', () => {
    expect(nearestPages('/patterns/circuit-breaker/9.9/', listed)).toEqual({ version: { asked: '9.9', page: ['/patterns/circuit-breaker/', 'Circuit Breaker', '1.1', '1.0'] }, pages: [] });
    expect(nearestPages('/patterns/circuit-breaker/v2', listed).version?.asked).toBe('2');
  });
});
