/** "Cite this repository" on GitHub reads CITATION.cff, and says nothing when a rule of its schema (1.2.0) is broken: these are the rules for the keys that we may use. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const text = { type: 'string', minLength: 1 };
const address = { type: 'string', format: 'uri', pattern: '^(https|http|ftp|sftp)://.+' };
const names = { type: 'array', minItems: 1, uniqueItems: true, items: { anyOf: [
  { type: 'object', additionalProperties: false, required: ['name'], properties: { name: text, website: address, email: { type: 'string', format: 'email' } } },
  { type: 'object', additionalProperties: false, properties: { 'family-names': text, 'given-names': text, 'name-particle': text, 'name-suffix': text, alias: text, affiliation: text, orcid: address, website: address } },
] } };
const licence = { type: 'string', pattern: '^[A-Za-z0-9.+-]+$' };
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['authors', 'cff-version', 'message', 'title'],
  properties: {
    abstract: text, authors: names, 'cff-version': { const: '1.2.0' }, commit: text, contact: names, 'date-released': { type: 'string', format: 'date' }, doi: { type: 'string', pattern: '^10\\.\\d{4,9}(\\.\\d+)?/[A-Za-z0-9:/_;\\-.()\\[\\]\\\\]+$' },
    keywords: { type: 'array', minItems: 1, uniqueItems: true, items: text }, license: { anyOf: [licence, { type: 'array', minItems: 1, uniqueItems: true, items: licence }] }, 'license-url': address,
    message: text, repository: address, 'repository-artifact': address, 'repository-code': address, title: text, type: { enum: ['dataset', 'software'] }, url: address, version: { type: ['string', 'number'], minLength: 1 },
  },
};
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const cff = parse(read('CITATION.cff')) as Record<string, unknown>;

describe('CITATION.cff', () => {
  test('keeps the rules of its schema', () => {
    validate(cff);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each([
    ['a key that nobody reads', { ...cff, licence: 'MIT' }],
    ['a day that is none', { ...cff, 'date-released': '27 November 2026' }],
    ['no author', { ...cff, authors: [] }],
    ['no message', { ...cff, message: undefined }],
    ['a kind that there is not', { ...cff, type: 'website' }],
  ])('would be refused with %s', (_, broken) => {
    expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });

  test('names the version, the site and the repository of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(String(cff['version'])).toBe(version);
    expect(read('astro.config.mjs')).toContain(`'${String(cff['url']).replace(/\/$/, '')}'`);
    expect(read('astro.config.mjs')).toContain(`${String(cff['repository-code'])}/edit/`);
  });
});
