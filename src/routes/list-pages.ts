/** What the pages of lists are called; each says its list itself, in HTML and in its twin. */
export const listPages = {
  '/compare/': { title: 'Compare patterns', description: 'Set two to four patterns side by side: what decides between them, their forces, when not to use each, and what it costs.' },
  '/find/': { title: 'Find by problem', description: 'Say what goes wrong, in your own words, and get the patterns that answer it, with the reasons for and against.' },
  '/glossary/': { title: 'Glossary', description: 'What the words mean that these pages take as known, in one or two plain sentences each.' },
  '/guides/': { title: 'Guides', description: 'One task at a time, through the patterns that it takes, with one program that is tested and that you can watch fail.' },
  '/map/': { title: 'Map', description: 'How the patterns stand to each other: what one requires, leads to, refines or replaces, and what often stands beside it.' },
  '/offline/': { title: 'Read offline', description: 'Keep the whole catalogue on your device and read it without a connection. Nothing is stored before you ask for it.' },
  '/patterns/': { title: 'Patterns', description: 'Every pattern of the catalogue with its one-line answer. Narrow the list by category, or by what is true of your system.' },
  '/poster/': { title: 'Poster', description: 'What goes wrong between services, and which patterns answer it: all of it on one sheet of paper, A3 across.' },
  '/problems/': { title: 'Problems', description: 'What goes wrong between services, in the words of people who had it. Each page tells the candidates apart and says what to try first.' },
} as const;
