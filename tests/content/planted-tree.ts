/** A throw-away copy of this repository to plant mistakes in. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSite } from '../../scripts/astro-build.ts';
import { files, root } from '../architecture/repository.ts';

export interface Build { failed: boolean; output: string }

export class PlantedTree {
  // Below the repository: Astro takes packages outside the root's own ancestors for files of the project.
  readonly #folder: string;

  constructor(name = 'planted') {
    this.#folder = join(root, '.test-results', `${name}-${process.pid}`);
    this.remove();
    for (const file of files.filter((each) => /^(content|src|public)\/|^(astro|content)\.config\.|^(tsconfig|package)\.json$/.test(each))) {
      mkdirSync(dirname(join(this.#folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.#folder, file));
    }
  }

  /** Builds with one file changed and puts it back. @throws when the change changes nothing */
  buildWith(changes: Record<string, (text: string) => string>): Build {
    const before = new Map(Object.keys(changes).map((file) => [file, readFileSync(join(this.#folder, file), 'utf8')]));
    for (const [file, text] of before) {
      const changed = changes[file]?.(text) ?? text;
      if (changed === text) throw new Error(`${file}: nothing was planted`);
      writeFileSync(join(this.#folder, file), changed);
    }
    try {
      return this.#build();
    } finally {
      for (const [file, text] of before) writeFileSync(join(this.#folder, file), text);
    }
  }

  get folder(): string {
    return this.#folder;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #build(): Build {
    const { status, stdout, stderr } = buildSite([], {
      cwd: this.#folder,
      stdio: 'pipe',
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    return { failed: status !== 0, output: `${stdout}${stderr}`.replaceAll(/\u001B\[[\d;]*m/g, '') };
  }
}
