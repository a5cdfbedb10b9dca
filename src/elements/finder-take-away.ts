/** An answer to take along: Markdown, and a decision record to go on with. Fetched when a reader asks for it. */
import { answerMarkdown } from '../citing/answer-markdown.ts';
import { decisionRecord, recordFileName } from '../citing/decision-record.ts';
import type { Finding } from '../citing/finding.ts';
import { combinationsOf } from '../finder/combinations.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { Evidence } from '../finder/evidence.ts';
import { explain, sentenceOf } from '../finder/explain.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../finder/fit.ts';
import { forceTexts } from '../finder/force-texts.ts';
import { missesOf, suspects } from '../finder/misses.ts';
import type { Answer } from '../finder/pages.ts';
import type { Ranking } from '../finder/rank.ts';
import { mostShown } from './answered.ts';
import { fromRoot } from './from-root.ts';
import { button, copyWith, node } from './nodes.ts';

export interface Taken {
  corpus: Corpus;
  ranking: Ranking;
  evidence: Evidence;
  query: string;
  /** Of the answer. */
  address: string;
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
    node('p', '', 'A draft after MADR 4 with what you said, what speaks for and against each pattern, and where it stands. It proposes; deciding, and how to confirm it, is yours. Change it here or in your repository.'),
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

async function findingOf({ corpus, ranking, evidence, query, address, reasons }: Taken): Promise<Finding> {
  const hits = recommended(ranking, mostShown);
  const shown = hits.map(({ slug }) => slug);
  const looked = anythingFits(ranking) ? suspects(ranking, shown) : [];
  const answers = new Map(await Promise.all([...shown, ...looked.map(({ slug }) => slug)].map(async (slug): Promise<[string, Answer]> => [slug, await reasons(slug)])));
  const titleOf = (slug: string): string => corpus.patterns.find((card) => card.slug === slug)?.title ?? slug;
  const [found] = ranking.problems;
  const problem = found !== undefined && ['strong', 'likely'].includes(fitOf(ranking, found)) ? corpus.problems.find(({ slug }) => slug === found.slug) : undefined;
  return {
    query,
    address,
    ...(problem === undefined ? {} : { problem: { title: problem.title, address: location.origin + fromRoot(`/problems/${problem.slug}/`) } }),
    drivers: [...evidence.forces].map(([force, answer]) => ({ text: answer === 'not' ? `Does not apply: ${forceTexts[force]}` : forceTexts[force], hard: answer === 'must' })),
    observations: evidence.claims.map(({ claim, holds }) => ({ text: claim.text, seen: holds })),
    options: hits.flatMap((hit) => {
      const answer = answers.get(hit.slug);
      if (answer === undefined) return [];
      const { because, but, moves } = explain(corpus, ranking, hit, answer);
      const speaking = (sign: number): string[] => moves.filter(({ points }) => points * sign > 0).map(sentenceOf);
      return [{
        title: titleOf(hit.slug),
        description: answer.description,
        fit: fitLabels[fitOf(ranking, hit)],
        ...(answer.version === undefined ? {} : { page: { address: location.origin + fromRoot(`/patterns/${hit.slug}/`), version: answer.version } }),
        because: [...(because === undefined ? [] : [because.text]), ...speaking(1)],
        but: [
          ...speaking(-1),
          ...(but === undefined ? [] : [`it is the wrong choice in this case: ${but.when.replace(/\.$/, '')}. Then: ${but.instead}`]),
          ...answer.companions.filter(({ as }) => as === 'requires').map(({ title, why }) => `it requires ${title}: ${why}`),
        ],
        tradeOffs: answer.tradeOffs,
      }];
    }),
    misses: anythingFits(ranking) ? missesOf(corpus, ranking, shown, answers).map(({ slug, notWhen, force, hard }) => ({
      title: titleOf(slug),
      why: notWhen !== undefined ? `${notWhen.when.replace(/\.$/, '')}. Then: ${notWhen.instead}` : `${hard === true ? 'ruled out by' : 'against it speaks'}: ${force === undefined ? '' : forceTexts[force]}`,
    })) : [],
    combinations: combinationsOf(shown, answers).map(({ first, second, as, why }) => `${titleOf(first)} ${as === 'requires' ? 'requires' : 'goes with'} ${titleOf(second)}: ${why}`),
  };
}

function download(name: string, text: string): void {
  const anchor = node('a');
  anchor.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  anchor.download = name;
  anchor.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
