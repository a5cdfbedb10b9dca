import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { browserCandidates } from './browser.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'browsers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const installed = (program: string): string => {
  const file = join(folder, program);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
};
const found = async (environment: NodeJS.ProcessEnv, platform: string): Promise<string[]> => Promise.all(browserCandidates(environment, platform).map(async (find) => (await find()).executablePath));

test('on Windows, Chrome and Edge are found where they install themselves, for all users or for one', async () => {
  const [edge, chrome] = [installed('x86/Microsoft/Edge/Application/msedge.exe'), installed('local/Google/Chrome/Application/chrome.exe')];
  expect(await found({ 'ProgramFiles': join(folder, 'all'), 'ProgramFiles(x86)': join(folder, 'x86'), 'LOCALAPPDATA': join(folder, 'local') }, 'win32-x64')).toEqual([chrome, edge]);
});

test('elsewhere than on Linux x64 the browser of the package is no candidate', async () => {
  expect(await found({ CHROME_PATH: 'npm' }, 'win32-x64')).toEqual([]);
  expect(await found({ CHROME_PATH: 'npm' }, 'darwin-arm64')).toEqual([]);
  expect(browserCandidates({ CHROME_PATH: 'npm' }, 'linux-x64')).toHaveLength(1);
});

test('CHROME_PATH is the only one, and has to be there', async () => {
  const own = installed('own browser');
  expect(await found({ CHROME_PATH: own, LOCALAPPDATA: folder }, 'win32-x64')).toEqual([own]);
  expect(() => browserCandidates({ CHROME_PATH: join(folder, 'gone') }, 'darwin-arm64')).toThrow(/CHROME_PATH is ".*gone", and there is no such file/);
});
