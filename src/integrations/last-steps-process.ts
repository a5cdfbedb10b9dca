/** Started by scripts/astro-build.ts when Astro's process is gone. */
import { readFileSync, rmSync } from 'node:fs';
import { takeLastSteps } from './last-steps.ts';
import type { WrittenSite } from './last-steps.ts';
import { laterVariable } from './written-site.ts';

const file = process.env[laterVariable] ?? '';
const written = JSON.parse(readFileSync(file, 'utf8')) as WrittenSite;
rmSync(file);
try {
  await takeLastSteps(written, (words) => console.log(words));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
