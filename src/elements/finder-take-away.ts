/** An answer to take along: Markdown, and a decision record to go on with. Fetched when a reader asks for it. */
import { answerFinding, quoted } from '../citing/answer-finding.ts';
import type { Asked } from '../citing/answer-finding.ts';
import { answerMarkdown } from '../citing/answer-markdown.ts';
import type { Finding } from '../citing/finding.ts';
import type { Answer } from '../finder/pages.ts';
import { mostShown } from './answered.ts';
import { fromRoot } from './from-root.ts';
import { showRecord } from './record-dialog.ts';

export interface Taken extends Omit<Asked, 'home' | 'most'> {
  reasons: (slug: string) => Promise<Answer>;
}

export async function asMarkdown(taken: Taken): Promise<string> {
  return answerMarkdown(await findingOf(taken));
}

export async function startRecord(taken: Taken): Promise<void> {
  showRecord(await findingOf(taken), 'A draft after MADR 4 with what you said, what speaks for and against each pattern, and where it stands.');
}

async function findingOf(taken: Taken): Promise<Finding> {
  const asked = { ...taken, home: location.origin + fromRoot('/'), most: mostShown };
  const answers = await Promise.all(quoted(asked).map(async (slug): Promise<[string, Answer]> => [slug, await taken.reasons(slug)]));
  return answerFinding(asked, new Map(answers));
}
