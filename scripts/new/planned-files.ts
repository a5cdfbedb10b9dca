/** Every file of a new page, from the templates of the catalogue. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draftOfOutline, guideFrontmatter, patternFrontmatter, problemFrontmatter } from './frontmatter.ts';
import { exampleFiles, questionsStub } from './example-stub.ts';
import { patternBody } from './page-body.ts';
import type { Request } from './request-shape.ts';
import type { PlannedFile } from './write-files.ts';

export function plannedFiles(request: Request, root: string): PlannedFile[] {
  const { kind, slug, file, outline } = request;
  if (kind === 'problem') return [{ file, text: page(problemFrontmatter(request), template(root, 'problems')) }];
  if (kind === 'guide') return [{ file, text: page(guideFrontmatter(request), template(root, 'guides')) }];
  const before = outline === undefined ? undefined : readFileSync(join(root, file), 'utf8');
  const frontmatter = before === undefined ? patternFrontmatter(request) : draftOfOutline(before);
  const beside: PlannedFile[] = [
    { file: `src/components/glyphs/${slug}.svg`, text: read(root, 'content/docs/patterns/_glyph.svg') },
    { file: `content/data/questions/${slug}.yaml`, text: questionsStub },
  ];
  return [{ file, text: page(frontmatter, patternBody(template(root, 'patterns'), request)), replaces: before }, ...exampleFiles(request), ...beside.filter((each) => !existsSync(join(root, each.file)))];
}

function page(frontmatter: string, body: string): string {
  return `---\n${frontmatter.trim()}\n---\n\n${body.trim()}\n`;
}

/** Files that begin with an underscore are no pages. */
function template(root: string, folder: string): string {
  return read(root, `content/docs/${folder}/_template.mdx`);
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
}
