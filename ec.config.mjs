/** How code is shown. Expressive Code wants a file of its own for what is not plain data. */
import { codeThemes } from './src/styles/code-themes.ts';

export default {
  themes: codeThemes,
  shiki: {
    // The other one (Oniguruma) held 87 MB with 300 patterns, and colours every page the same.
    engine: 'javascript',
    // Shiki gives a line half a second and leaves the rest of the block plain: a busy machine would build other pages.
    transformers: [{ name: 'as-long-as-it-takes', preprocess: (_code, options) => { options.tokenizeTimeLimit = 0; } }],
  },
  // Their styles and script weigh more than everything else about code; the copy button is <copy-code>.
  frames: false,
  textMarkers: false,
  useDarkModeMediaQuery: false,
  useThemedScrollbars: false,
  useThemedSelectionColors: false,
  // Colours are the site's own: 4.5:1 on --tint.
  minSyntaxHighlightingColorContrast: 4.5,
  // Long lines break with their indent: nothing to scroll sideways on a phone, or with a keyboard.
  defaultProps: { wrap: true, hangingIndent: 2 },
  styleOverrides: {
    borderColor: 'var(--hairline)',
    borderRadius: 'var(--radius)',
    codeBackground: 'var(--tint)',
    codeFontFamily: 'var(--mono)',
    codeFontSize: '0.8rem',
    codeLineHeight: '1.6',
    focusBorder: 'var(--ink)',
  },
};
