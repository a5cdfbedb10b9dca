import { describe, expect, test } from 'vitest';
import { files, read } from './repository.ts';
import { workflowBreaches } from './workflow-rules.ts';

const workflows = files.filter((file) => file.startsWith('.github/workflows/'));
const callable = { scripts: new Set(Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)), files: new Set(files) };

test.each(workflows)('%s is safe with code of forks, pinned, and calls what there is', (file) => {
  expect(workflowBreaches(file, read(file), callable)).toEqual([]);
});

test('a pull request is checked, tested, built, commented on; a schedule looks after the rest', () => {
  expect(workflows.map((file) => file.split('/').at(-1))).toEqual(expect.arrayContaining(['comment.yml', 'pull-request.yml', 'test.yml', 'upkeep.yml']));
});

describe('each breach is found', () => {
  const pin = 'a'.repeat(40);
  const sound = `on: pull_request
permissions:
  contents: read
jobs:
  test:
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${pin} # v1.2.3
        with:
          persist-credentials: false
      - run: npm ci
      - run: npm test
`;
  const mighty = sound.replace('on: pull_request', 'on: workflow_run').replace('contents: read', 'issues: write').replace(/ {6}- run: npm ci\n {6}- run: npm test\n/, '      - run: node scripts/comment.ts\n');
  const breaches = (text: string): string[] => workflowBreaches('x.yml', text, callable);

  test('and a sound workflow has none', () => {
    expect([...breaches(sound), ...breaches(mighty)]).toEqual([]);
  });

  test.each([
    ['pull_request_target', sound.replace('pull_request', 'pull_request_target'), /pull_request_target/],
    ['no permissions', sound.replace('permissions:\n  contents: read\n', ''), /has no `permissions`/],
    ['a tag', sound.replace(pin, 'v7'), /uses actions\/checkout@v7/],
    ['a pin without its version', sound.replace(' # v1.2.3', ''), /its version as a comment/],
    ['no limit of time', sound.replace('    timeout-minutes: 5\n', ''), /no `timeout-minutes`/],
    ['credentials that stay', sound.replace('false', 'true'), /persist-credentials/],
    ['an expression in a shell', sound.replace('npm ci', 'echo ${{ github.event.pull_request.title }}'), /puts an expression into a shell/],
    ['a token that writes beside code of forks', sound.replace('contents: read', 'contents: write'), /where code of forks runs/],
    ['a token of everything', sound.replace('permissions:\n  contents: read', 'permissions: write-all'), /where code of forks runs/],
    ['a job that takes more than the workflow', sound.replace('    steps:', '    permissions:\n      issues: write\n    steps:'), /where code of forks runs/],
    ['a secret beside code of forks', sound.replace('npm test\n', 'npm test\n        env:\n          KEY: ${{ secrets.KEY }}\n'), /where code of forks runs/],
    ['packages beside a token', mighty.replace('node scripts/comment.ts', 'npm ci'), /runs packages beside a token/],
    ['code of the fork beside a token', mighty.replace('persist-credentials: false', 'persist-credentials: false\n          ref: ${{ github.event.workflow_run.head_sha }}'), /something else than the main branch/],
    ['a script that is not there', sound.replace('npm test', 'npm run --silent tset'), /script "tset"/],
    ['a file that is not there', mighty.replace('scripts/comment.ts', 'scripts/coment.ts'), /scripts\/coment\.ts, which is not there/],
  ])('%s', (_, text, sentence) => {
    expect(breaches(text).join('\n')).toMatch(sentence);
  });
});
