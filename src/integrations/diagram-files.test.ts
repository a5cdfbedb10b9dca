import { expect, test } from 'vitest';
import type { Drawing } from '../diagrams/index.ts';
import { DiagramFiles } from './diagram-files.ts';

const drawing = (title: string): Drawing => ({ svg: '<svg/>', id: 'dg-1', type: 'flowchart', title, description: '', width: 1, height: 1, links: [], warnings: [] });

test('files stand beside the page, named after the title', () => {
  const files = new DiagramFiles();
  expect(files.address('content/docs/patterns/data/saga.mdx', drawing('A late command: "meets" a tombstone.'))).toBe('/patterns/saga/a-late-command-meets-a-tombstone');
  expect(files.address('content/docs/patterns/data/saga.mdx', drawing('A late command meets a tombstone'))).toBe('/patterns/saga/a-late-command-meets-a-tombstone-2');
  expect(files.address('content/docs/guides/one-slow-service.mdx', drawing('Preview'))).toBe('/guides/one-slow-service/preview-2');
  expect(files.address('content\\docs\\problems\\a-queue-keeps-growing.mdx', drawing('Queue'))).toBe('/problems/a-queue-keeps-growing/queue');
});

test('other pages have none', () => {
  expect(new DiagramFiles().address('content/versions/patterns/saga/1.0.md', drawing('A'))).toBeUndefined();
  expect(new DiagramFiles().address('content/docs/404.mdx', drawing('A'))).toBeUndefined();
});
