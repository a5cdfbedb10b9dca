/** A decision record for a last look; what the reader changes is what is copied. */
import { decisionRecord, recordFileName } from '../citing/decision-record.ts';
import type { Finding } from '../citing/finding.ts';
import sheetText from '../styles/record.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { button, copyWith, node } from './nodes.ts';

let sheet: CSSStyleSheet | undefined;

/** @param words what the record is made of */
export function showRecord(finding: Finding, words: string): void {
  sheet ??= adoptSheet(sheetText);
  const date = new Date().toISOString().slice(0, 10);
  const text = node('textarea');
  text.value = decisionRecord(finding, date);
  text.rows = 18;
  text.spellcheck = false;
  text.setAttribute('aria-label', 'Decision record in Markdown');
  const dialog = node('dialog', 'record');
  const heading = node('h2', '', 'Decision record');
  heading.id = 'record-title';
  dialog.setAttribute('aria-labelledby', heading.id);
  dialog.append(
    node('header', '', heading, button('quiet', 'Close', () => dialog.close())),
    node('p', '', `${words} It proposes; deciding is yours. Change it here or in your repository.`),
    text,
    node('div', 'record-actions', button('chip', 'Copy', (pressed) => void copyWith(pressed, text.value)), button('chip', 'Download', () => download(recordFileName(finding, date), text.value))),
  );
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  text.setSelectionRange(0, 0);
  text.focus();
}

function download(name: string, text: string): void {
  const anchor = node('a');
  anchor.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  anchor.download = name;
  anchor.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
