/** Code in paper and ink: keywords, strings, comments and nothing else, so that the shape of the program stays visible. */
interface CodeTheme {
  name: string;
  type: 'light' | 'dark';
  colors: Record<string, string>;
  settings: { scope?: string[]; settings: { foreground: string } }[];
}

type Colours = Record<'background' | 'text' | 'comment' | 'keyword' | 'string' | 'number', string>;

/** Those of tokens.css, where code has them by class: --tint, --ink, --muted, --cat-data, --cat-resilience, --cat-decomposition. */
export const codeColours: Record<'paper' | 'ink', Colours> = {
  paper: { background: '#f3f1e9', text: '#18212f', comment: '#545e6e', keyword: '#53308f', string: '#0b6b49', number: '#935a00' },
  ink: { background: '#1b222d', text: '#e8ebf0', comment: '#a2acba', keyword: '#cbb5fb', string: '#5fcfa0', number: '#e9b15c' },
};

export const codeThemes: [CodeTheme, CodeTheme] = [theme('paper', 'light', codeColours.paper), theme('ink', 'dark', codeColours.ink)];

function theme(name: string, type: 'light' | 'dark', colour: Colours): CodeTheme {
  return {
    name,
    type,
    colors: { 'editor.background': colour.background, 'editor.foreground': colour.text },
    settings: [
      { settings: { foreground: colour.text } },
      { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: colour.comment } },
      { scope: ['keyword', 'storage', 'variable.language'], settings: { foreground: colour.keyword } },
      // Arrows and signs are shape, not words.
      { scope: ['keyword.operator', 'storage.type.function.arrow'], settings: { foreground: colour.text } },
      { scope: ['keyword.operator.new', 'keyword.operator.expression'], settings: { foreground: colour.keyword } },
      { scope: ['string', 'punctuation.definition.string', 'string.regexp'], settings: { foreground: colour.string } },
      { scope: ['constant.numeric', 'constant.language'], settings: { foreground: colour.number } },
    ],
  };
}
