/** What holds of every workflow: code of forks never runs where something can be written or a secret can be read. */
import { parse } from 'yaml';

interface Step { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, unknown> }
interface Job { permissions?: Record<string, string> | string; 'timeout-minutes'?: number; steps?: Step[] }
interface Workflow { on: unknown; permissions?: Record<string, string> | string; jobs: Record<string, Job> }

/** What a workflow may call. */
export interface Callable { scripts: ReadonlySet<string>; files: ReadonlySet<string> }

/** @returns a sentence for each breach */
export function workflowBreaches(file: string, text: string, { scripts, files }: Callable): string[] {
  const { on, permissions, jobs } = parse(text) as Workflow;
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(on as object);
  const breaches = [
    ...(triggers.includes('pull_request_target') ? ['is triggered by pull_request_target, which gives code of forks a token that may write'] : []),
    ...(permissions === undefined ? ['has no `permissions`, so its token has those of the repository'] : []),
    ...[...text.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].map(([, uses = '']) => uses).filter((uses) => !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(uses)).map((uses) => `uses ${uses}; expected a commit of 40 digits and its version as a comment`),
    ...Object.entries(jobs).flatMap(([name, job]) => jobBreaches(job, permissions, triggers, { scripts, files }).map((breach) => `job ${name} ${breach}`)),
  ];
  return breaches.map((breach) => `${file}: ${breach}`);
}

function jobBreaches(job: Job, general: Workflow['permissions'], triggers: readonly string[], callable: Callable): string[] {
  const steps = job.steps ?? [];
  const runs = steps.flatMap(({ run }) => run ?? []);
  return [
    ...(job['timeout-minutes'] === undefined ? ['has no `timeout-minutes`'] : []),
    ...runs.filter((run) => run.includes('${{')).map((run) => `puts an expression into a shell ("${run}"); give it by \`env\``),
    ...steps.filter(({ uses, with: options }) => uses?.startsWith('actions/checkout@') === true && options?.['persist-credentials'] !== false).map(() => 'checks out without `persist-credentials: false`'),
    ...(isMighty(job, general) ? mightyBreaches(steps, runs, triggers) : []),
    ...runs.flatMap((run) => missingCalls(run, callable)),
  ];
}

/** It may write, or it is given a token or a secret. */
function isMighty(job: Job, general: Workflow['permissions']): boolean {
  const own = job.permissions ?? general ?? 'write-all';
  const writes = typeof own === 'string' ? own !== 'read-all' : Object.values(own).includes('write');
  return writes || /\$\{\{[^}]*\b(secrets\.|github\.token)/.test(JSON.stringify(job));
}

function mightyBreaches(steps: readonly Step[], runs: readonly string[], triggers: readonly string[]): string[] {
  const trusted = [undefined, '${{ github.event.repository.default_branch }}'];
  return [
    ...(triggers.includes('pull_request') ? ['may write or has a token where code of forks runs'] : []),
    ...steps.filter(({ uses, with: options }) => uses?.startsWith('actions/checkout@') === true && (!trusted.includes(options?.['ref'] as string | undefined) || options?.['repository'] !== undefined)).map(() => 'checks out something else than the main branch beside a token'),
    ...runs.filter((run) => /\b(npm|npx|pnpm|yarn|pip)\b/.test(run)).map((run) => `runs packages beside a token ("${run}")`),
  ];
}

function missingCalls(run: string, { scripts, files }: Callable): string[] {
  return [
    ...[...run.matchAll(/\bnpm (?:run (?:--?[\w-]+ )*([\w:-]+)|(test|start)\b)/g)].map(([, name, known]) => name ?? known ?? '').filter((name) => !scripts.has(name)).map((name) => `calls the script "${name}", which package.json does not have`),
    ...[...run.matchAll(/\bnode (\S+)/g)].map(([, file = '']) => file).filter((file) => !files.has(file)).map((file) => `runs ${file}, which is not there`),
  ];
}
