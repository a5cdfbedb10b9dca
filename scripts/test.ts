/** Runs every suite, whatever an earlier one says, and ends with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from './astro-build.ts';
import { checkWall, typeWalls } from './check-types.ts';
import { compareFolders } from './compare-folders.ts';

interface Failure { name: string; message: string }
interface Outcome { suite: string; passed: number; failures: Failure[]; seconds: number }

/** What is read of the JSON that vitest reports. */
interface VitestReport {
  testResults: { name: string; status: string; message: string; assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[] }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const results = `${root}.test-results`;
const site = `${results}/site`;
const environment = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', SITE_DIR: site };

rmSync(results, { recursive: true, force: true });
mkdirSync(results);
const outcomes = [
  suite('types', checkTypes),
  suite('rooms, architecture, content, scenarios', () => vitest('rooms', ['rooms', 'architecture', 'content', 'scenarios'], coverage)),
  suite('PostgreSQL', () => vitest('postgres', ['postgres'])),
  suite('two builds', buildTwice),
  suite('site', () => vitest('site', ['site'])),
  suite('end to end', () => vitest('e2e', ['e2e'])),
  suite('under a base path', buildUnderBase),
];
report(outcomes);

type Check = Failure | 'passed';

function suite(name: string, run: () => Check[]): Outcome {
  console.log(`\n=== ${name} ===`);
  const startMs = performance.now();
  let checks: Check[];
  try {
    checks = run();
    if (checks.length === 0) checks = [{ name, message: 'the suite ran no test' }];
  } catch (error) {
    checks = [{ name, message: error instanceof Error ? error.message : String(error) }];
  }
  const failures = checks.filter((check) => check !== 'passed');
  return { suite: name, passed: checks.length - failures.length, failures, seconds: (performance.now() - startMs) / 1000 };
}

function checkTypes(): Check[] {
  return typeWalls.map((wall) => (checkWall(wall) ? 'passed' : { name: wall.name, message: 'see the messages of the compiler above' }));
}

/** Runs projects of vitest.config.ts and takes the counts from the report, not from the exit code alone. */
function vitest(name: string, projects: string[], measured?: () => Check[], env: NodeJS.ProcessEnv = environment): Check[] {
  const file = `${results}/${name}.json`;
  const { status } = spawnSync(process.execPath, [
    'node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...(measured === undefined ? [] : ['--coverage']),
  ], { cwd: root, stdio: 'inherit', env });
  if (!existsSync(file)) return [{ name, message: `vitest wrote no report (exit code ${status}); its messages stand above` }];
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const checks = [...testResults.flatMap(checksOf), ...(measured?.() ?? [])];
  const silent = status !== 0 && checks.every((check) => check === 'passed');
  return silent ? [...checks, { name, message: `vitest ended with exit code ${status} although no test failed; its messages stand above` }] : checks;
}

/** A file that did not load has no tests to count, so it counts as one failure; a skipped test as well. */
function checksOf({ name, status, message, assertionResults }: VitestReport['testResults'][number]): Check[] {
  const file = relative(root, name);
  const checks = assertionResults.map((test): Check => {
    if (test.status === 'passed') return 'passed';
    const why = test.status === 'failed' ? withoutInnerCalls(test.failureMessages?.join('\n') ?? 'no message') : `${test.status}: a test runs or is taken out`;
    return { name: `${file}: ${test.fullName}`, message: why };
  });
  const loaded = status === 'passed' || checks.some((check) => check !== 'passed');
  return loaded && checks.length > 0 ? checks : [...checks, { name: file, message: message || 'no test ran' }];
}

function withoutInnerCalls(message: string): string {
  return message.split('\n').filter((line) => !/^\s*at .*(node_modules|node:internal)/.test(line)).join('\n');
}

/** One check a file: every branch, line and function of an example is tested. */
function coverage(): Check[] {
  const file = `${results}/coverage/coverage-summary.json`;
  if (!existsSync(file)) return [{ name: 'coverage', message: 'no coverage was measured' }];
  type Summary = Record<string, Record<'lines' | 'branches' | 'functions', { pct: number }>>;
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Summary)
    .filter(([path]) => path !== 'total')
    .map(([path, { lines, branches, functions }]): Check => (Math.min(lines.pct, branches.pct, functions.pct) === 100 ? 'passed' : {
      name: `coverage of ${relative(root, path)}`,
      message: `lines ${lines.pct} %, branches ${branches.pct} %, functions ${functions.pct} %; expected 100 % of each`,
    }));
}

/** Both builds start without any cache, so that nothing that the first one left can make them equal. */
function buildTwice(): Check[] {
  const again = `${results}/site-again`;
  const builds = [site, again].map((folder): Check => {
    rmSync(`${root}node_modules/.cache`, { recursive: true, force: true });
    rmSync(`${root}node_modules/.astro`, { recursive: true, force: true });
    const { status } = buildSite(['--force', '--outDir', folder], { env: environment });
    return status === 0 ? 'passed' : { name: `build into ${relative(root, folder)}`, message: `exit code ${status}; the messages of the build stand above` };
  });
  const differences = builds.every((build) => build === 'passed') ? compareFolders(site, again) : ['a build failed'];
  return [...builds, differences.length === 0 ? 'passed' : { name: 'two builds are the same, byte for byte', message: differences.join('\n') }];
}

/** The site as it stands below a path of a host: every address in it, and three pages in a browser. */
function buildUnderBase(): Check[] {
  const below = { ...environment, SITE_DIR: `${results}/site-below`, SITE_BASE: '/repo/' };
  const { status } = buildSite(['--base', below.SITE_BASE, '--outDir', below.SITE_DIR], { env: below });
  if (status !== 0) return [{ name: 'build with --base /repo/', message: `exit code ${status}; the messages of the build stand above` }];
  return vitest('base', ['base'], undefined, below);
}

function report(all: Outcome[]): void {
  const failures = all.flatMap((outcome) => outcome.failures);
  if (failures.length > 0) console.log('\nFailed:');
  for (const { name, message } of failures) console.log(`\n✗ ${name}\n${message.replace(/^/gm, '    ')}`);
  console.log('');
  for (const { suite: name, passed, failures: failed, seconds } of all) {
    console.log(`${name.padEnd(42)} ${String(passed).padStart(4)} passed, ${failed.length} failed (${seconds.toFixed(0)} s)`);
  }
  console.log(`\n${all.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
