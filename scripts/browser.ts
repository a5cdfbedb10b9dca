/** Finds and starts a browser for the end-to-end tests and the screenshot: never downloads, never skips. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

export interface FoundBrowser {
  executablePath: string;
  /** What the browser needs beside the environment of this process. */
  env: Record<string, string>;
}

export class BrowserError extends Error {
  override name = 'BrowserError';
}

export const browserFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/**
 * Starts a browser with a fresh profile. An installed one that does not start is passed over: on
 * Ubuntu, for example, `chromium-browser` may be a note about a snap.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: string[] = [];
  for (const find of browserCandidates()) {
    const { executablePath, env } = await find();
    try {
      return await chromium.launch({ executablePath, args: browserFlags, env: { ...process.env, ...env } as Record<string, string> });
    } catch (error) {
      failures.push(`${executablePath}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  const tried = failures.map((failure) => `\n  ${failure}`).join('');
  throw new BrowserError(`${failures.length === 0 ? 'No browser was found' : 'No browser starts'}: install Chromium, Google Chrome or Microsoft Edge, or set CHROME_PATH to the program of one, and run the tests again.${tried}`);
}

/**
 * CHROME_PATH alone when it is set; else what is installed, then (Linux x64) the Chromium inside the
 * npm package `@sparticuz/chromium`. `CHROME_PATH=npm` takes that one even where another is installed.
 * @throws BrowserError when CHROME_PATH names no file
 */
export function browserCandidates(environment: NodeJS.ProcessEnv = process.env, platform = `${process.platform}-${process.arch}`): (() => Promise<FoundBrowser>)[] {
  const named = environment['CHROME_PATH'] ?? '';
  if (named !== '' && named !== 'npm') {
    if (!existsSync(named)) throw new BrowserError(`CHROME_PATH is "${named}", and there is no such file; expected the path of a Chromium, Chrome or Edge.`);
    return [async () => ({ executablePath: named, env: {} })];
  }
  const installed = named === 'npm' ? [] : usualPlaces(platform, environment).filter((path) => existsSync(path));
  return [
    ...installed.map((executablePath) => async () => ({ executablePath, env: {} })),
    ...(platform === 'linux-x64' ? [unpackedBrowser] : []),
  ];
}

function usualPlaces(platform: string, environment: NodeJS.ProcessEnv): string[] {
  if (platform.startsWith('darwin')) {
    const programs = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome', 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge'];
    return programs.flatMap((program) => ['/Applications', join(homedir(), 'Applications')].map((folder) => join(folder, program)));
  }
  if (platform.startsWith('win32')) {
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? []);
    const programs = ['Chromium/Application/chrome.exe', 'Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge'];
  const folders = new Set([...(environment['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin', '/snap/bin']);
  return [
    ...names.flatMap((name) => [...folders].map((folder) => join(folder, name))),
    '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge',
  ];
}

/**
 * The package unpacks into one shared temporary folder and takes whatever lies there for complete;
 * so it is pointed at a folder of ours, which gets its final name only when everything is in it.
 */
async function unpackedBrowser(): Promise<FoundBrowser> {
  const require = createRequire(import.meta.url);
  const packageFile = join(dirname(require.resolve('@sparticuz/chromium')), '../package.json');
  const { version } = require(packageFile) as { version: string };
  const folder = fileURLToPath(new URL(`../node_modules/.cache/chromium-${version}`, import.meta.url));
  if (!existsSync(folder)) {
    console.log(`Unpacking Chromium ${version} from npm …`);
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    await unpack(join(dirname(packageFile), 'bin'), unfinished);
    writeFileSync(join(unfinished, 'fonts.conf'), fontSettings(join(folder, 'fonts/fonts')));
    if (existsSync(folder)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, folder);
  }
  const libraries = [join(folder, 'al2023/lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return { executablePath: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: libraries, ...fonts } };
}

async function unpack(archives: string, folder: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    for (const archive of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) await inflate(join(archives, archive));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** For machines without any font set-up; the package's own file names folders of another system. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
}
