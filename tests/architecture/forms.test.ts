/** Issue forms as GitHub takes them: a form that it cannot read vanishes from the list without a word. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { files, read } from './repository.ts';

interface Field { type: string; id?: string; attributes?: { label?: string; options?: string[] }; validations?: { required?: boolean } }
interface Form { name?: string; description?: string; title?: string; labels?: string[]; body?: Field[] }

const forms = files.filter((file) => /^\.github\/ISSUE_TEMPLATE\/(?!config\.)/.test(file));

test.each(forms)('%s is a form', (file) => {
  const { name, description, body = [] } = parse(read(file)) as Form;
  expect([typeof name, typeof description]).toEqual(['string', 'string']);
  expect(body.length).toBeGreaterThan(0);
  expect(body.filter(({ type, id, attributes }) => !['input', 'textarea', 'dropdown'].includes(type) || !/^[\w-]+$/.test(id ?? '') || attributes?.label === undefined || (type === 'dropdown' && (attributes.options?.length ?? 0) < 2))).toEqual([]);
  for (const values of [body.map(({ id }) => id), body.map(({ attributes }) => attributes?.label)]) expect(new Set(values).size).toBe(values.length);
});

test('there is a form for each door: a symptom in two fields, a mistake, and a pattern with what it enters by', () => {
  const fields = (name: string): (string | undefined)[] => (parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as Form).body?.map(({ id }) => id) ?? [];
  expect(fields('symptom')).toHaveLength(2);
  expect(fields('mistake')).toContain('page');
  const { body = [] } = parse(read('.github/ISSUE_TEMPLATE/pattern.yml')) as Form;
  expect(body.filter(({ validations }) => validations?.required).map(({ id }) => id)).toEqual(expect.arrayContaining(['uses', 'failure', 'alternative']));
});

test('addresses of forms in the texts lead to a form', () => {
  const named = files.filter((file) => /\.(md|mdx|astro|ts|yml)$/.test(file)).flatMap((file) => [...read(file).matchAll(/issues\/new\?template=([\w.-]+)/g)].map(([, form]) => ({ file, form })));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ form }) => !forms.includes(`.github/ISSUE_TEMPLATE/${form}`))).toEqual([]);
});
