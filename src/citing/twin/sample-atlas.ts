/** The smallest atlas that tells everything, for tests. */
import { sampleGuide, samplePattern, sampleProblem, sampleSource, superseded } from '../../catalogue/sample.ts';
import type { Atlas } from './atlas.ts';

const outline = { ...samplePattern({ title: 'Lid' }), status: 'outline' as const, changes: [] };

export const sampleAtlas: Atlas = {
  absolute: (path) => `https://example.org/atlas${path}`,
  patterns: [{ slug: 'steady-hand', data: samplePattern() }, { slug: 'lid', data: outline }],
  problems: [{ slug: 'coffee-is-spilled', data: sampleProblem() }],
  guides: [{ slug: 'full-cup', data: sampleGuide() }],
  sources: new Map([['first-source', sampleSource()], ['second-source', sampleSource({ title: 'More | on [cups]', authors: [] })]]),
  comparisons: [],
  terms: [{ id: 'full-cup', term: 'Full cup', alsoCalled: ['brimming cup'], words: ['full cup'], notOn: [], definition: 'A cup into which nothing more goes.', contested: 'How full that is, nobody agrees on.', patterns: ['steady-hand', 'lid'], sources: ['first-source'] }],
  snippet: (file, region) => ({ code: `// ${file} ${region}\nconst fence = \`\`;\n\`\`\`\n`, lines: 1, tests: 2 }),
  simulation: () => ({
    title: 'A tram brakes', comparison: 'Cups: 2, 1.', outcomes: [{ label: 'no hand', text: '1 cup.' }], settings: [{ label: 'Speed', value: '5 km/h' }],
    tries: [{ title: 'Faster', notice: 'It spills.', hurts: true }], tables: [{ caption: 'Cups', head: ['Until', ''], rows: [['1 s', 'a|b']] }],
  }),
  contributions: [{ path: '/contribute/', title: 'Contribute', description: 'A way in.' }],
  attributes: (component) => [{ name: 'to', type: 'string', isRequired: false, means: `Where ${component} leads.` }],
  plate: { text: 'A tram.', problems: ['coffee-is-spilled'] },
};

/** The same with a page of each kind that another took the place of, each bound up with the others as ordinary pages are. */
export const supersededAtlas: Atlas = {
  ...sampleAtlas,
  patterns: [...sampleAtlas.patterns, {
    slug: 'loose-hand',
    data: superseded(samplePattern({ title: 'Loose Hand', relations: [{ to: 'steady-hand', as: 'alternative-to', why: 'One hand is enough.' }] }), 'steady-hand'),
  }],
  problems: [...sampleAtlas.problems, { slug: 'tea-is-spilled', data: superseded(sampleProblem({ title: 'Tea is spilled' }), 'coffee-is-spilled') }],
  guides: [...sampleAtlas.guides, { slug: 'half-a-cup', data: superseded(sampleGuide({ title: 'Half a cup', order: 2 }), 'full-cup') }],
};
