import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { defineMdastPlugin, type MdastPluginDefinition } from 'satteri';
import { pathBelow } from '../catalogue/path-below.ts';
import { codeFrame, DiagramRenderer, examineFence, fenceOption, PageFigures, type Problem } from '../diagrams/index.ts';
import { DiagramFiles } from './diagram-files.ts';

/**
 * Sätteri plugin that replaces ```mermaid fences by drawings. It is a factory because Sätteri calls it
 * once per document, which is how ids stay unique on a page.
 */
export function mermaidFences(): () => MdastPluginDefinition {
  return () => {
    const figures = new PageFigures();
    const files = new DiagramFiles();
    /** Drawings are done in any order; names and ids are given in that of the page, or two builds would differ. */
    let before: Promise<unknown> = Promise.resolve();
    return defineMdastPlugin({
      name: 'mermaid-fences',
      options: { position: true },
      async code(node, context) {
        if (node.lang !== 'mermaid') return;
        const page = readPage(context.fileURL, context.source);
        const start = node.position?.start;
        const fence = {
          line: page.skippedLines + (start?.line ?? 1),
          indent: (start?.column ?? 1) - 1,
          meta: node.meta ?? '',
          source: node.value,
        };
        const turn = Promise.all([examineFence(page.file, fence, sharedRenderer()), before]).then(([{ drawing, problems }]) => {
          for (const problem of problems) report(problem, page.text);
          return drawing && figures.html(drawing, { caption: fenceOption(node.meta, 'title'), source: node.value, files: files.address(page.file, drawing) });
        });
        before = turn.catch(() => undefined);
        const html = await turn;
        if (html === undefined) return;
        if (context.sourceFormat === 'mdx') {
          // One string in the compiled module; as JSX each element of the drawing would be a call.
          const attribute = { type: 'mdxJsxAttribute', name: 'set:html', value: html } as const;
          context.replaceNode(node, { type: 'mdxJsxFlowElement', name: 'Fragment', attributes: [attribute], children: [] });
        } else context.replaceNode(node, { raw: html, mdxExpressions: false });
      },
    });
  };
}

/** Ends the drawing threads with the build or the dev server, and says what was drawn. */
export function diagramsIntegration(): AstroIntegration {
  return {
    name: 'diagrams',
    hooks: {
      'astro:config:setup': ({ command }) => {
        // A build draws once, and needs the memory for its pages; who writes a diagram draws again.
        if (command === 'build') idleMs = 3000;
      },
      'astro:build:done': async ({ logger }) => {
        if (!renderer) return;
        const { drawn, fromCache, drawingMs } = renderer.stats;
        const each = drawn > 0 ? `, ${Math.round(drawingMs / drawn)} ms each` : '';
        logger.info(`${drawn} drawn${each}; ${fromCache} from the cache`);
        await renderer.close();
      },
      'astro:server:done': async () => {
        await renderer?.close();
      },
    },
  };
}

let renderer: DiagramRenderer | undefined;
let idleMs: number | undefined;

function sharedRenderer(): DiagramRenderer {
  renderer ??= new DiagramRenderer(idleMs === undefined ? {} : { idleMs });
  return renderer;
}

interface Page {
  readonly file: string;
  readonly text: string;
  /** Lines that Astro cut off, the front matter among them, before it handed the text over. */
  readonly skippedLines: number;
}

function readPage(fileUrl: URL | undefined, source: string): Page {
  const absolute = fileUrl === undefined ? '(unknown file)' : fileURLToPath(fileUrl);
  const file = pathBelow(process.cwd(), absolute);
  // A text may be drawn before it is written to its file.
  if (!existsSync(absolute)) return { file, text: source, skippedLines: 0 };
  const text = readFileSync(absolute, 'utf8').replaceAll('\r\n', '\n');
  // Depending on the format, front matter arrives cut off, blanked or whole; the body is always there.
  const body = source.replaceAll('\r\n', '\n').trim();
  const skippedLines = Math.max(0, lineOf(text, text.lastIndexOf(body)) - lineOf(source, source.lastIndexOf(body)));
  return { file, text, skippedLines };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, Math.max(0, offset)).split('\n').length;
}

function report(problem: Problem, text: string): void {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  if (problem.severity === 'error') throw new MermaidFenceError(problem, place, codeFrame(text, problem.line, problem.column));
  console.warn(`[diagrams] ${place}: ${problem.message}`);
}

/** Carries what Astro prints and shows in its overlay: place, frame and hint. */
class MermaidFenceError extends Error {
  override readonly name = 'MermaidFenceError';
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };
  readonly frame: string;
  readonly hint: string;

  constructor({ file, line, column, message }: Problem, place: string, frame: string) {
    // Astro reports MDX errors at line 0, so the place stands in the message too.
    super(`Mermaid diagram in ${place}: ${message}\n\n${frame}\n`);
    this.loc = { file, line, column };
    this.frame = frame;
    this.hint = message.startsWith('syntax error')
      ? 'The syntax is described at https://mermaid.js.org/intro/syntax-reference.html'
      : 'Titles and descriptions are described at https://mermaid.js.org/config/accessibility.html';
    this.stack = `${this.name}: ${this.message}`;
  }
}
