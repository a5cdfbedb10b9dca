type Render = (text: string, file: string) => Promise<string>;

/**
 * Markdown as HTML, by the processor of the whole site (src/integrations/site-markdown.ts).
 * @param file where the text stands, or would stand, below the repository
 */
export function renderMarkdown(text: string, file: string): Promise<string> {
  const render = (globalThis as { [key: symbol]: Render | undefined })[Symbol.for('pattern-atlas:render-markdown')];
  if (render === undefined) throw new Error('the integration site-markdown is not in astro.config.mjs');
  return render(text, file);
}
