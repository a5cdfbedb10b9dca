/** All problems of all pages and data files at once, without a build. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, chosenFiles, chosenRules, usage, UsageError } from '../../src/checks/command-line.ts';
import { ContentTree } from '../../src/checks/content-tree.ts';
import { asAnnotations } from '../../src/checks/report-annotations.ts';
import { asJson } from '../../src/checks/report-json.ts';
import { asText, summary } from '../../src/checks/report-text.ts';
import { rules } from '../../src/checks/rules.ts';
import { mendings, runChecks } from '../../src/checks/run-checks.ts';
import type { Findings, Mending } from '../../src/checks/run-checks.ts';

/** Mending one thing may let another be seen; more rounds than this would mean that two rules undo each other. */
const mostRounds = 5;

/** @returns the exit code */
export async function runCheck(root: string, args: string[], startMs: number): Promise<0 | 1 | 2> {
  try {
    return await checked(root, args, startMs);
  } catch (error) {
    console.error(error instanceof UsageError ? `check: ${error.message}\n\n${usage}` : `check: it failed itself, which says nothing about the pages:\n${error instanceof Error ? error.stack : error}`);
    return 2;
  }
}

async function checked(root: string, args: string[], startMs: number): Promise<0 | 1 | 2> {
  const { fix, json, github, list, help, rules: ids, paths } = asked(args);
  if (help) {
    console.log(usage);
    return 0;
  }
  const chosen = chosenRules(ids, rules);
  if (list) {
    const longest = Math.max(...chosen.map(({ id }) => id.length));
    console.log(json ? JSON.stringify(chosen.map(({ id, title, holds }) => ({ id, title, holds })), null, 2) : chosen.map(({ id, title, holds }) => `${id.padEnd(longest)}  ${title}${holds === 'always' ? '' : ' (not in drafts)'}`).join('\n'));
    return 0;
  }
  let tree = new ContentTree(root);
  const isChosen = chosenFiles(paths, tree, process.env['INIT_CWD'] ?? process.cwd());
  const look = async (): Promise<Findings> => {
    const { findings, faults } = await runChecks(tree, chosen);
    return { findings: findings.filter(({ file }) => isChosen(file)), faults };
  };
  let { findings, faults } = await look();
  const mended = new Map<string, Mending>();
  for (let round = 0; fix && round < mostRounds && findings.some((finding) => finding.fix !== undefined); round++) {
    for (const mending of mendings(findings, (file) => readFileSync(join(root, file), 'utf8'))) {
      writeFileSync(join(root, mending.file), mending.raw);
      mended.set(mending.file, { ...mending, edits: mending.edits + (mended.get(mending.file)?.edits ?? 0) });
    }
    tree = new ContentTree(root);
    ({ findings, faults } = await look());
  }
  const looked = { files: tree.files.filter(isChosen).length, rules: chosen.length, seconds: (performance.now() - startMs) / 1000 };
  if (json) console.log(JSON.stringify(asJson(findings, faults, [...mended.values()], looked), null, 2));
  else {
    for (const { file, edits } of mended.values()) console.log(`${file}: mended ${edits}`);
    if (mended.size > 0) console.log('');
    const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
    if (findings.length > 0) console.log(`${asText(findings, { colour, width: process.stdout.isTTY ? process.stdout.columns : undefined })}\n`);
    if ((github || process.env['GITHUB_ACTIONS'] === 'true') && findings.length > 0) console.log(`${asAnnotations(findings)}\n`);
    console.log(summary(findings, looked));
  }
  for (const { rule, message } of faults) {
    const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
    console.error(`check: the rule ${rule} failed itself, so what it would have found is not known${missing === undefined ? `:\n${message}` : `; the package ${missing} is not there: run npm ci`}`);
  }
  return faults.length > 0 ? 2 : findings.length > 0 ? 1 : 0;
}
