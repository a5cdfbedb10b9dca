/** Every file of a new page, from the templates of the catalogue. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draftOfOutline, guideFrontmatter, patternFrontmatter, problemFrontmatter } from './frontmatter.ts';
import { exampleFiles, glyphStub, questionsStub } from './example-stub.ts';
import { guideBody, patternBody, problemBody } from './page-body.ts';
import type { Request } from './request-shape.ts';
import type { PlannedFile } from './write-files.ts';

export function plannedFiles(request: Request, root: string): PlannedFile[] {
  const { kind, slug, file, outline } = request;
  if (kind === 'problem') return [{ file, text: page(problemFrontmatter(request), problemBody()) }];
  if (kind === 'guide') return [{ file, text: page(guideFrontmatter(request), guideBody()) }];
  const before = outline === undefined ? undefined : readFileSync(join(root, file), 'utf8');
  const frontmatter = before === undefined ? patternFrontmatter(request) : draftOfOutline(before);
  const template = readFileSync(join(root, 'content/docs/patterns/_template.mdx'), 'utf8');
  const beside: PlannedFile[] = [
    { file: `src/components/glyphs/${slug}.svg`, text: glyphStub },
    { file: `content/data/questions/${slug}.yaml`, text: questionsStub },
  ];
  return [{ file, text: page(frontmatter, patternBody(template, request)), replaces: before }, ...exampleFiles(request), ...beside.filter((each) => !existsSync(join(root, each.file)))];
}

function page(frontmatter: string, body: string): string {
  return `---\n${frontmatter.trim()}\n---\n\n${body.trim()}\n`;
}
