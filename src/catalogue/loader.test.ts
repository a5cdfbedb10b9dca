import { expect, test } from 'vitest';
import { addressOf } from './loader.ts';

test('addresses know no categories, and the page of a folder has the address of the folder', () => {
  expect(['patterns/data/saga.mdx', 'problems/calls-hang.mdx', 'contribute/index.mdx', 'contribute/checks/index.mdx', 'contribute/checks/no-index.mdx', 'index.mdx'].map(addressOf))
    .toEqual(['patterns/saga', 'problems/calls-hang', 'contribute', 'contribute/checks', 'contribute/checks/no-index', 'index']);
});
