/** A throw-away copy of this repository with the smallest catalogue, to plant mistakes in. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { samplePattern, sampleProblem, sampleSource } from '../../src/catalogue/sample.ts';
import { files, root } from '../architecture/repository.ts';

export interface Build { failed: boolean; output: string }

export class PlantedTree {
  // Below the repository: Astro takes packages outside the root's own ancestors for files of the project.
  readonly #folder: string;

  constructor(name: string) {
    this.#folder = join(root, '.test-results', `planted-${name}-${process.pid}`);
    this.remove();
    for (const file of files.filter((each) => /^(src|public)\/|^(astro|content)\.config\.|^(tsconfig|package)\.json$/.test(each))) cpSync(join(root, file), join(this.#folder, file), { recursive: true });
    this.write('content/data/synonyms.yaml', '[]\n');
    for (const key of ['first-source', 'second-source']) this.write(`content/data/sources/${key}.yaml`, stringify(sampleSource()));
    for (const page of ['index', '404']) this.page(page, { kind: 'plain', title: 'A plain page', description: 'A page of the house that has nothing in it.' });
    this.page('problems/coffee-is-spilled', sampleProblem({ candidates: [
      { when: 'The tram brakes hard', pattern: 'api-gateway', because: 'It keeps the cup level.' },
      { when: 'The cup leaks', do: 'Buy another cup', because: 'No hand is steady enough.' },
    ] }));
    this.pattern();
  }

  /** The one pattern of the tree; it has the slug of a real one, so that its example and glyph are there. */
  pattern(change: Record<string, unknown> = {}, body = 'Text.'): void {
    this.page('patterns/integration/api-gateway', { ...samplePattern({ category: 'integration' }), ...change }, body);
  }

  page(path: string, data: unknown, body = 'Text.'): void {
    this.write(`content/docs/${path}.mdx`, `---\n${stringify(data)}---\n\n${body}\n`);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.#folder, file)), { recursive: true });
    writeFileSync(join(this.#folder, file), text);
  }

  build(): Build {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), 'build'], {
      cwd: this.#folder,
      encoding: 'utf8',
      // Dates of pages come from git, which would look for this folder in the repository above.
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    return { failed: status !== 0, output: `${stdout}${stderr}`.replaceAll(/\u001B\[[\d;]*m/g, '') };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
