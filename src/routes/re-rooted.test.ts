import { expect, test } from 'vitest';
import { reRooted } from './re-rooted.ts';

const kept = '---\naddress: "https://example.org/patterns/saga/"\n---\n[a](https://example.org/find/) <https://example.org.uk/find/>';

test('a kept text names the pages of the site that serves it', () => {
  expect(reRooted(kept, '/patterns/saga/', 'https://example.net/atlas')).toBe('---\naddress: "https://example.net/atlas/patterns/saga/"\n---\n[a](https://example.net/atlas/find/) <https://example.org.uk/find/>');
  expect(reRooted(kept, '/patterns/saga/', 'https://example.org')).toBe(kept);
});

test('a text without its address is refused', () => {
  expect(() => reRooted('[a](https://example.org/)', '/patterns/saga/', 'https://example.org')).toThrow('take the file in content/versions/ back from git');
});
