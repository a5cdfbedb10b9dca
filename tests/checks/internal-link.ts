import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
/** What is known of a pattern before its page is written. */
const outline = `---
kind: pattern
title: Warm Kettle
description: Keep the water warm, so that the next cup is quick.
category: resilience
status: outline
reviewed: 2026-11-28
symptoms:
  - The first cup of the day takes five minutes.
  - Guests wait while the water boils again.
  - Everybody boils a full kettle for one cup.
useWhen:
  - Cups follow each other within the hour.
notWhen:
  - { when: Nobody drinks tea, instead: Leave the kettle cold }
forces: {}
---
`;
const outbox = '[outbox](/patterns/transactional-outbox/) of the service';

export const fixtures: Fixture[] = [
  {
    name: 'an address that is misspelt',
    plant: { [saga]: replaced(outbox, '[outbox](/patterns/transactional-outbx/) of the service') },
    expected: [{ file: saga, at: '/patterns/transactional-outbx/', found: '"/patterns/transactional-outbx/", which leads to no page', nearest: '/patterns/transactional-outbox/' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'a page in another part of the site, one that is in preparation, a place that is not there, and an address without a root',
    plant: { [saga]: replaced(outbox, '[outbox](/problems/transactional-outbox/), [kafka](/kafka/), [costs](/patterns/transactional-outbox/#what-it-cost), [here](#nowhere-at-all) and [there](../transactional-outbox/) of the service') },
    expected: [
      { file: saga, at: '/problems/transactional-outbox/', found: '"/problems/transactional-outbox/", which leads to no page', nearest: '/patterns/transactional-outbox/' },
      { file: saga, at: '/kafka/', found: '"/kafka/", which leads to no page' },
      { file: saga, at: '/patterns/transactional-outbox/#what-it-cost', found: '"/patterns/transactional-outbox/#what-it-cost", where /patterns/transactional-outbox/ has no place "what-it-cost"', nearest: '/patterns/transactional-outbox/#what-it-costs' },
      { file: saga, at: '#nowhere-at-all', found: '"#nowhere-at-all", where /patterns/saga/ has no place "nowhere-at-all"' },
      { file: saga, at: '../transactional-outbox/', found: '"../transactional-outbox/", which is taken from where the reader stands' },
    ],
    mended: { [saga]: replaced(outbox, '[outbox](/problems/transactional-outbox/), [kafka](/kafka/), [costs](/patterns/transactional-outbox/#what-it-costs), [here](#nowhere-at-all) and [there](../transactional-outbox/) of the service') },
  },
  {
    name: 'a pattern that stands in outline',
    plant: {
      [saga]: replaced(outbox, '[kettle](/patterns/warm-kettle/) of the service'),
      'content/docs/patterns/resilience/warm-kettle.mdx': outline,
    },
    expected: [{ file: saga, at: '/patterns/warm-kettle/', found: '"/patterns/warm-kettle/", whose page is still to be written (content/docs/patterns/resilience/warm-kettle.mdx is an outline)' }],
  },
  {
    name: 'an address that has moved',
    plant: {
      [saga]: replaced(outbox, '[outbox](/patterns/outbox/#solution) of the service'),
      'content/data/redirects.yaml': (text) => text.replace(/^\[\]$/m, '- { from: /patterns/outbox/, to: /patterns/transactional-outbox/, since: 2026-11-27 }'),
    },
    expected: [{ file: saga, at: '/patterns/outbox/#solution', found: '"/patterns/outbox/#solution", which has moved', nearest: '/patterns/transactional-outbox/#solution' }],
    mended: { [saga]: replaced(outbox, '[outbox](/patterns/transactional-outbox/#solution) of the service') },
  },
  {
    name: 'lists, files, places of claims and of components, versions and code',
    plant: { [saga]: replaced(outbox, '[a](/patterns/), [b](/patterns.json), [c](/patterns/saga/#silence-is-read-as-no), [d](#cost-latency), [e](/patterns/saga/1.0/), [f](/patterns/saga/code/#shop), [g](/find/#down), [h](https://example.org/x) and [i](/favicon.svg) of the service') },
    expected: [],
  },
];
