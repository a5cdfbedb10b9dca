import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const mesh = 'content/docs/patterns/integration/service-mesh.mdx';
const problem = 'content/docs/problems/every-service-repeats-the-network-code.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a pattern that no problem names any more',
    plant: { [problem]: replaced('pattern: service-mesh', 'pattern: sidecar') },
    expected: [{ file: mesh, at: 'title: Service Mesh', found: '"service-mesh", which no problem names among its candidates' }],
  },
  {
    name: 'a draft, which may still look for its problem',
    plant: { [problem]: replaced('pattern: service-mesh', 'pattern: sidecar'), [mesh]: replaced('status: reviewed', 'status: draft') },
    expected: [],
  },
];
