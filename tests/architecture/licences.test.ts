/** Every file has a licence, which REUSE.toml names, and LICENSES holds its text. Every package comes under a licence that we can keep. */
import { expect, test } from 'vitest';
import { codeLicence } from '../../src/citing/code-licence.ts';
import { licencesFile, shippedPackages, shippedRoots, thirdPartyPage } from '../../src/integrations/shipped-packages.ts';
import { allowedLicences, unstated } from './package-licences.ts';
import { files, read, root } from './repository.ts';

interface Annotation { paths: RegExp[]; holder: string; licence: string }

const annotations = annotationsIn(read('REUSE.toml'));
/** As REUSE has it, these are licences and need none. */
const licensed = files.filter((file) => !/^LICENSES\/|^LICENSE$/.test(file));

function licenceOf(file: string): string | undefined {
  return annotations.findLast(({ paths }) => paths.some((path) => path.test(file)))?.licence;
}

test('each file is named by REUSE.toml; a new kind of file is added there', () => {
  expect(licensed.filter((file) => licenceOf(file) === undefined)).toEqual([]);
});

test('a new kind of file has none until then', () => {
  for (const file of ['src/examples/saga/saga.py', 'content/docs/x.html', 'notes.txt', 'src/styles/fonts/new-face.woff2']) expect(licenceOf(file), file).toBeUndefined();
});

test('each path of REUSE.toml fits a file, but those of files that come and go', () => {
  const idle = annotations.flatMap(({ paths }) => paths).filter((path) => !licensed.some((file) => path.test(file))).map(String);
  expect(idle.filter((path) => !/vscode|scripts.*(json|css)/.test(path))).toEqual([]);
});

test('each licence has its text, and each text is used', () => {
  const used = new Set(annotations.map(({ licence }) => `LICENSES/${licence}.txt`));
  expect(files.filter((file) => file.startsWith('LICENSES/'))).toEqual([...used].sort());
  expect(annotations.filter(({ holder }) => holder.length < 4)).toEqual([]);
});

test('code is MIT, what is read is CC BY, fonts keep theirs', () => {
  expect(['src/examples/saga/saga.ts', 'src/components/Snippet.astro', 'package.json'].map(licenceOf)).toEqual(['MIT', 'MIT', 'MIT']);
  expect(['content/docs/index.mdx', 'content/data/sources/x.yaml', 'src/components/glyphs/saga.svg', 'README.md'].map(licenceOf)).toEqual(['CC-BY-4.0', 'CC-BY-4.0', 'CC-BY-4.0', 'CC-BY-4.0']);
  expect(licenceOf('src/styles/fonts/source-serif-4-500.woff2')).toBe('OFL-1.1');
  expect(codeLicence).toBe(`// SPDX-License-Identifier: ${licenceOf('src/examples/saga/saga.ts')}`);
});

test('each package of the lock file has a licence that is allowed, and each that is allowed is there', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { license?: string }> };
  const licences = Object.entries(packages).filter(([path]) => path !== '').map(([path, { license }]) => ({ path, licence: license ?? unstated[path.replace('node_modules/', '')] ?? 'none' }));
  expect(licences.length).toBeGreaterThan(500);
  expect(licences.filter(({ licence }) => !Object.hasOwn(allowedLicences, licence))).toEqual([]);
  expect(Object.keys(allowedLicences).filter((licence) => !licences.some((each) => each.licence === licence))).toEqual([]);
});

test('what reaches readers is named: THIRD-PARTY.md is current, and its licences let their texts be passed on', () => {
  const packages = shippedPackages(root);
  expect(read('THIRD-PARTY.md'), 'npm run licences').toBe(thirdPartyPage(packages));
  expect([...new Set(packages.map(({ licence }) => licence))].sort()).toEqual(['Apache-2.0', 'MIT', 'OFL-1.1']);
  const served = licencesFile(packages);
  for (const words of ['Permission is hereby granted, free of charge', 'Apache License', 'SIL OPEN FONT LICENSE', '2019 IBM Corp.', 'Marijn Haverbeke']) expect(served).toContain(words);
});

test('no package runs in a browser, and no font is there, without being named', () => {
  const imported = files.filter((file) => /^src\/(elements|offline|simulator|finder|map)\/(?!.*\.test\.ts$).*\.ts$/.test(file)).flatMap((file) => [...read(file).matchAll(/\bfrom '((?:@[\w-]+\/)?[a-z][\w-]*)/g)].map(([, name = '']) => name));
  expect(imported).toContain('@codemirror/view');
  expect(imported.filter((name) => !Object.hasOwn(shippedRoots, name))).toEqual([]);
  expect(files.filter((file) => /fonts\/.*\.LICENSE\.txt$/.test(file)).map((file) => `@fontsource/${file.split('/').at(-1)?.replace('.LICENSE.txt', '')}`).filter((name) => !Object.hasOwn(shippedRoots, name))).toEqual([]);
});

/** The part of TOML that REUSE.toml uses. @throws for more of it */
function annotationsIn(text: string): Annotation[] {
  const plain = text.replaceAll(/^#.*\n/gm, '');
  return plain.split('[[annotations]]').slice(1).map((part) => {
    const [, paths, holder = '', licence = ''] = /^\npath = (\[[\s\S]*?\])\nSPDX-FileCopyrightText = "(.*)"\nSPDX-License-Identifier = "(.*)"\n\s*$/.exec(part) ?? [];
    if (paths === undefined) throw new Error(`REUSE.toml: expected path, SPDX-FileCopyrightText and SPDX-License-Identifier in this order, found:${part}`);
    return { holder, licence, paths: (JSON.parse(paths.replace(/,\s*\]$/, ']')) as string[]).map(globbed) };
  });
}

/** `*` stays within a folder, `**` does not. */
function globbed(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('**', '\u0000').replaceAll('*', '[^/]*').replaceAll('\u0000', '.*')}$`);
}
