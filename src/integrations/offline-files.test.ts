import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashOf } from '../offline/release.ts';
import { manifestOf } from './offline-files.ts';

const content = Buffer.from('<!doctype html>');
const version = { version: '1.0', date: '2026-11-28' };
const files = [{ file: 'index.html', part: 'catalogue' as const, content }, { file: 'postgres/1/index.js', part: 'postgres' as const, content: Buffer.from('x') }];

test('the list has each file with its bytes and its hash, as the browser works it out', async () => {
  const { parts, ...rest } = manifestOf(files, version);
  expect(parts.catalogue).toEqual({ '': [15, createHash('sha256').update(content).digest('hex').slice(0, 24)] });
  expect(await hashOf(content)).toBe(parts.catalogue['']?.[1]);
  expect(Object.keys(parts.postgres)).toEqual(['postgres/1/index.js']);
  expect(rest).toMatchObject(version);
});

test('the release is another one when a byte, a name or the version is', () => {
  const names = [
    manifestOf(files, version),
    manifestOf(files.map((file) => ({ ...file, content: Buffer.from('<!doctype htmL>') })), version),
    manifestOf(files.map((file) => ({ ...file, file: `a/${file.file}` })), version),
    manifestOf(files, { ...version, version: '1.1' }),
  ].map(({ release }) => release);
  expect(new Set(names).size).toBe(4);
  expect(manifestOf(files, version).release).toBe(names[0]);
});
