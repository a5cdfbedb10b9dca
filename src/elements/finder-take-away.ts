/** An answer to take along: Markdown, and a decision record to go on with. Fetched when a reader asks for it. */
import { answerFinding, quoted } from '../citing/answer-finding.ts';
import type { Asked } from '../citing/answer-finding.ts';
import { answerMarkdown } from '../citing/answer-markdown.ts';
import { decisionRecord, recordFileName } from '../citing/decision-record.ts';
import type { Finding } from '../citing/finding.ts';
import type { Answer } from '../finder/pages.ts';
import { mostShown } from './answered.ts';
import { fromRoot } from './from-root.ts';
import { button, copyWith, node } from './nodes.ts';

export interface Taken extends Omit<Asked, 'home' | 'most'> {
  reasons: (slug: string) => Promise<Answer>;
}

export async function asMarkdown(taken: Taken): Promise<string> {
  return answerMarkdown(await findingOf(taken));
}

/** Shows the record for a last look; what the reader changes is what is copied. */
export async function startRecord(taken: Taken): Promise<void> {
  const finding = await findingOf(taken);
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
    node('p', '', 'A draft after MADR 4 with what you said, what speaks for and against each pattern, and where it stands. It proposes; deciding is yours. Change it here or in your repository.'),
    text,
    node('div', 'finder-actions', button('chip', 'Copy', (pressed) => void copyWith(pressed, text.value)), button('chip', 'Download', () => download(recordFileName(finding, date), text.value))),
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

async function findingOf(taken: Taken): Promise<Finding> {
  const asked = { ...taken, home: location.origin + fromRoot('/'), most: mostShown };
  const answers = await Promise.all(quoted(asked).map(async (slug): Promise<[string, Answer]> => [slug, await taken.reasons(slug)]));
  return answerFinding(asked, new Map(answers));
}

function download(name: string, text: string): void {
  const anchor = node('a');
  anchor.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  anchor.download = name;
  anchor.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
