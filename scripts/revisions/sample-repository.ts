/** A small git repository with two patterns, for tests. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { samplePattern, sampleSource } from '../../src/catalogue/sample.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
export const hand = 'content/docs/patterns/resilience/steady-hand.mdx';
export const lid = 'content/docs/patterns/resilience/lid.mdx';

export class SampleRepository {
  readonly root = mkdtempSync(join(tmpdir(), 'revisions-'));

  /** @param finder whether it can be asked */
  constructor({ finder = false } = {}) {
    this.git('init', '--quiet', '--initial-branch', 'main');
    this.write('.git/info/exclude', 'node_modules\n');
    symlinkSync(join(project, 'node_modules'), join(this.root, 'node_modules'), 'junction');
    for (const part of !finder ? [] : ['package.json', 'src/catalogue', 'src/finder', 'scripts/find.ts', 'scripts/open-finder.ts', 'content/data/synonyms.yaml', 'content/data/kin-words.txt']) {
      mkdirSync(dirname(join(this.root, part)), { recursive: true });
      cpSync(join(project, part), join(this.root, part), { recursive: true });
    }
    for (const key of ['first-source', 'second-source']) this.write(`content/data/sources/${key}.yaml`, stringify(sampleSource()));
    this.page(hand, samplePattern());
    this.page(lid, samplePattern({ title: 'Lid', alsoKnownAs: [], symptoms: Array.from({ length: 8 }, (_, at) => `Tea burns a knee in row ${at + 1}.`) }));
    this.write('tests/finder/queries.jsonl', [['floor', 'my coffee is on the floor', 'steady-hand'], ['knee', 'tea on my knee', 'lid']].map(([id, query, pattern]) => JSON.stringify({ id, query, pattern })).join('\n'));
  }

  git(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', '-c', 'core.autocrlf=false', ...args], { cwd: this.root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  page(file: string, data: object, body = 'Text.\n'): void {
    this.write(file, `---\n${stringify(data)}---\n\n${body}`);
  }

  commit(): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'A step');
    return this.git('rev-parse', 'HEAD');
  }

  remove(): void {
    unlinkSync(join(this.root, 'node_modules'));
    rmSync(this.root, { recursive: true, force: true });
  }
}
