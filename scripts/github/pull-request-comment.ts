/** The one comment under a pull request: what it changes. It is written by code of the main branch, from data that is not trusted. */
import { changedMarkdown } from '../revisions/changed-markdown.ts';
import { asCode } from '../revisions/markdown-cells.ts';
import { movedMarkdown } from '../revisions/moved-markdown.ts';
import type { Report } from '../revisions/report.ts';
import { ReportError, untrustedReport } from '../revisions/untrusted-report.ts';
import { GitHubError } from './api.ts';
import type { GitHub } from './api.ts';

/** The part that is read of the event `workflow_run`. */
export interface RunEvent {
  workflow_run: { id: number; event: string; conclusion: string | null; html_url: string; head_sha: string; head_branch: string; head_repository: { full_name: string; owner: { login: string } } | null };
}

interface PullRequest { number: number; head: { sha: string; repo: { full_name: string } | null } }

const mark = '<!-- pattern-atlas: what a pull request changes -->';
/** GitHub takes 65,536 characters. */
const mostCharacters = 60_000;

/**
 * @param report the bytes of the artefact, or undefined when the run made none
 * @returns what was done, in a sentence
 */
export async function commentOn(github: GitHub, { workflow_run: run }: RunEvent, report: Uint8Array | undefined, published: string): Promise<string> {
  if (run.event !== 'pull_request' || run.head_repository === null) return 'This run belongs to no pull request.';
  const pull = await pullRequestOf(github, run);
  if (pull === undefined) return `No open pull request has ${run.head_sha} as its newest commit; a later run will tell.`;
  const body = `${mark}\n${await commentBody(github, run, report, published)}`;
  const before = await github.own(`/issues/${pull}/comments`, mark);
  if (before === undefined) await github.ask('POST', `/issues/${pull}/comments`, { body });
  else await github.ask('PATCH', `/issues/comments/${before.id}`, { body });
  return `${before === undefined ? 'Wrote' : 'Updated'} the comment of pull request ${pull}.`;
}

/** Asked of GitHub, by branch and commit: nothing that the run itself wrote says where to comment. */
async function pullRequestOf(github: GitHub, run: RunEvent['workflow_run']): Promise<number | undefined> {
  const head = encodeURIComponent(`${run.head_repository?.owner.login}:${run.head_branch}`);
  const open = await github.all<PullRequest>(`/pulls?state=open&head=${head}`);
  return open.find(({ head: { sha, repo } }) => sha === run.head_sha && repo?.full_name === run.head_repository?.full_name)?.number;
}

async function commentBody(github: GitHub, run: RunEvent['workflow_run'], bytes: Uint8Array | undefined, published: string): Promise<string> {
  const heading = `## What this pull request changes\n\n${run.conclusion === 'success' ? 'Checked and built' : 'Checked or built with problems'}: [the run](${run.html_url}) of ${run.head_sha.slice(0, 9)}. Its own code made this report.`;
  const preview = await previewLine(github, run);
  const report = reportIn(bytes);
  if (typeof report === 'string') return [heading, preview, report].join('\n\n');
  for (const most of [60, 30, 10, 3, 0]) {
    const body = [heading, preview, changedMarkdown(report.changed, { published }, most), movedPart(report.moved, most)].join('\n\n');
    if (body.length <= mostCharacters) return body;
  }
  return [heading, preview, 'The report is too long for a comment; the run has it as an artefact.'].join('\n\n');
}

function movedPart(moved: Report['moved'], most: number): string {
  return 'failure' in moved ? `### Answers of the finder that moved\n\nThe finder could not be asked: ${asCode(moved.failure, 600)}` : movedMarkdown(moved, most);
}

async function previewLine(github: GitHub, run: RunEvent['workflow_run']): Promise<string> {
  try {
    const { artifacts } = await github.ask<{ artifacts: { id: number; name: string; expired: boolean }[] }>('GET', `/actions/runs/${run.id}/artifacts?per_page=100`);
    const site = artifacts.find(({ name, expired }) => name === 'site' && !expired);
    if (site !== undefined) return `**Preview**: download [the built site](${run.html_url}/artifacts/${site.id}) and look at it with \`npm run preview -- site.zip\` in your clone; none of its code runs outside the browser.`;
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
  }
  return '**Preview**: the run built no site; its log says why.';
}

function reportIn(bytes: Uint8Array | undefined): Report | string {
  if (bytes === undefined) return 'The run made no report; its log says why.';
  try {
    return untrustedReport(bytes);
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    return `The report of the run was refused: ${asCode(error.message, 300)}.`;
  }
}
