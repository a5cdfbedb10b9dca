import { expect, test } from 'vitest';
import { findFences } from '../../src/diagrams/fences.ts';
import { flowDiagram } from '../../src/examples/event-driven-architecture/flow.ts';
import { shopServices } from '../../src/examples/event-driven-architecture/shop.ts';
import { read } from '../architecture/repository.ts';

test('the flow of events that the page draws is the one that the services declare', () => {
  const page = read('content/docs/patterns/integration/event-driven-architecture.mdx');
  const drawn = findFences(page).flatMap(({ source }) => source.match(/\S+ -->\|.*/g) ?? []);
  expect(drawn.sort()).toEqual(flowDiagram(shopServices({ charge: async () => 'taken', send: async () => {} })));
});
