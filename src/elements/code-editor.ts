/** CodeMirror as this site uses it: TypeScript in paper and ink, one state a file, marks where something is wrong. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { typescriptLanguage } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from './sandbox-answer.ts';

/** Everything about one file: text, history, selection. */
export type FileState = EditorState;

export function fileState(name: string, text: string, isReadOnly: boolean): FileState {
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      indentUnit.of('  '),
      bracketMatching(),
      typescriptLanguage,
      syntaxHighlighting(colours),
      EditorView.lineWrapping,
      theme,
      EditorState.readOnly.of(isReadOnly),
      // Escape, then Tab leaves: CodeMirror lets the Tab after an Escape pass.
      keymap.of([indentWithTab, { key: 'F8', run: nextDiagnostic }, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': `Code of ${name}${isReadOnly ? ', read only' : ''}`, 'aria-describedby': 'keys', spellcheck: 'false', tabindex: '0' }),
    ],
  });
}

/** @param root the shadow root: sheets that a script adopts there need no permission of the page's policy */
export function codeView(root: ShadowRoot, parent: HTMLElement, state: FileState, changed: () => void): EditorView {
  return new EditorView({
    root, parent, state,
    dispatchTransactions(transactions, view) {
      view.update(transactions);
      if (transactions.some(({ docChanged }) => docChanged)) changed();
    },
  });
}

/** Marks the place of a problem and brings it into sight; the focus stays where it is. Without a problem nothing is marked. */
export function markProblem(view: EditorView, problem?: Problem): void {
  if (problem?.place === undefined) return view.dispatch(setDiagnostics(view.state, []));
  const { place: { line, column }, message } = problem;
  const { from: start, to: end } = view.state.doc.line(Math.min(line, view.state.doc.lines));
  const from = Math.min(start + column - 1, end);
  const to = Math.max(view.state.wordAt(from)?.to ?? 0, Math.min(from + 1, end));
  view.dispatch(setDiagnostics(view.state, [{ from, to, severity: 'error', message }]), { effects: EditorView.scrollIntoView(from, { y: 'center' }) });
}

/** Puts the cursor on the place of a problem. */
export function goTo(view: EditorView, { line, column }: { line: number; column: number }): void {
  const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
  const anchor = Math.min(from + column - 1, to);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  view.focus();
}

/** As src/styles/code-themes.ts has them, by the variables of the theme. */
const inks = [
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: [tags.keyword, tags.modifier, tags.self], color: 'var(--cat-data)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--cat-resilience)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--cat-decomposition)' },
];
const colours = HighlightStyle.define(inks);

const theme = EditorView.theme({
  '&': { maxHeight: '34rem', border: '1px solid var(--edge)', borderRadius: 'var(--radius)', background: 'var(--tint)', color: 'var(--ink)', fontSize: '0.8rem' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: '0.75rem' },
  '.cm-gutters': { background: 'var(--tint)', color: 'var(--muted)', border: '0' },
  '.cm-lintRange-error': { background: 'color-mix(in srgb, var(--failure) 14%, transparent)', textDecoration: 'underline wavy var(--failure)', textDecorationSkipInk: 'none', textUnderlineOffset: '3px' },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--failure)' },
  '.cm-tooltip': { background: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--edge)' },
  '.cm-diagnostic-error': { borderInlineStartColor: 'var(--failure)' },
  '&.cm-focused .cm-matchingBracket': { background: 'none', outline: '1px solid var(--edge)' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'none', outline: '1px solid var(--failure)' },
});
