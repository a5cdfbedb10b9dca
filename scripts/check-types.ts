/** The compiler as a wall: every room with its own tsconfig sees only the names that it may use. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface TypeWall { name: string; args: string[] }

const root = fileURLToPath(new URL('..', import.meta.url));

export const typeWalls: TypeWall[] = [
  { name: 'astro check', args: ['node_modules/astro/bin/astro.mjs', 'check'] },
  ...['tests', ...readdirSync(`${root}src`).map((room) => `src/${room}`)]
    .filter((folder) => existsSync(`${root}${folder}/tsconfig.json`))
    .map((folder) => ({ name: `tsc -p ${folder}`, args: ['node_modules/typescript/bin/tsc', '-p', folder] })),
];

/** Prints what the compiler says. @returns whether the wall holds */
export function checkWall({ name, args }: TypeWall): boolean {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } });
  return status === 0;
}

if (import.meta.main) {
  const broken = typeWalls.filter((wall) => !checkWall(wall));
  console.log(broken.length === 0 ? `\n${typeWalls.length} type walls hold` : `\nErrors in: ${broken.map(({ name }) => name).join(', ')}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
