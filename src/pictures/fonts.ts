/** The faces of the site as files that satori can read; their packages also make the subsets that readers get. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SatoriOptions } from 'satori';

type Font = SatoriOptions['fonts'][number];

let loaded: Font[] | undefined;

export function pictureFonts(): Font[] {
  return loaded ??= [
    face('Source Serif 4', 'source-serif-4', 500),
    face('IBM Plex Sans', 'ibm-plex-sans', 400),
    face('IBM Plex Sans', 'ibm-plex-sans', 600),
  ];
}

function face(name: string, fontPackage: string, weight: 400 | 500 | 600): Font {
  // A bundled route does not know where it came from; builds start in the repository.
  const file = join(process.cwd(), 'node_modules/@fontsource', fontPackage, 'files', `${fontPackage}-latin-${weight}-normal.woff`);
  return { name, weight, style: 'normal', data: readFileSync(file) };
}
