import type { Fixture } from './fixture.ts';

const glyph = 'src/components/glyphs/saga.svg';

export const fixtures: Fixture[] = [
  {
    name: 'a drawing with another grid, no colour of the text, a name and a colour of its own',
    plant: { [glyph]: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path id="a" fill="#c00" d="M0 0h24"/></svg>\n' },
    expected: [
      { file: glyph, line: 1, column: 1, found: 'a drawing on another grid', expected: '<svg … viewBox="0 0 48 48">' },
      { file: glyph, line: 1, column: 1, found: 'a drawing that does not take the colour of the text' },
      { file: glyph, at: ' id="a"', found: '`id=`' },
    ],
  },
  {
    name: 'a drawing that is too heavy',
    plant: { [glyph]: (text) => `${text}<!-- ${'x'.repeat(1600)} -->` },
    expected: [{ file: glyph, line: 1, column: 1, found: /^\d+ bytes$/, expected: 'at most 1536' }],
  },
];
