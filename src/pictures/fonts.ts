/** The faces of the site as files that satori can read; their packages also make the subsets that readers get. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FontOptions } from 'satori';

let loaded: FontOptions[] | undefined;

export function pictureFonts(): FontOptions[] {
  return loaded ??= [
    face('Source Serif 4', 'source-serif-4', 500),
    face('IBM Plex Sans', 'ibm-plex-sans', 400),
    face('IBM Plex Sans', 'ibm-plex-sans', 600),
  ];
}

function face(name: string, fontPackage: string, weight: 400 | 500 | 600): FontOptions {
  // A bundled route does not know where it came from; builds start in the repository.
  const file = join(process.cwd(), 'node_modules/@fontsource', fontPackage, 'files', `${fontPackage}-latin-${weight}-normal.woff`);
  return { name, weight, style: 'normal', data: readFileSync(file) };
}
