import { registerHooks } from 'node:module';
import type { Mermaid } from 'mermaid';
import { DiagramError } from './diagram-error.ts';
import { locateError, type SourcePlace } from './locate.ts';
import { mermaidConfig } from './mermaid-config.ts';

export type Parsed = { readonly type: string } | { readonly message: string; readonly place: SourcePlace | undefined };

/**
 * Reads diagrams without drawing them, which is far less work and needs no document. In a thread that has not loaded Mermaid;
 * it cannot draw afterwards.
 */
export async function createParse(): Promise<(source: string) => Promise<Parsed>> {
  registerHooks({ resolve: (name, context, next) => (name === 'dompurify' ? { url: withoutDocument, format: 'module', shortCircuit: true } : next(name, context)) });
  const mermaid = await loadMermaid();
  return async (source) => {
    try {
      const { diagramType } = await mermaid.parse(source);
      return { type: typeName(diagramType) };
    } catch (error) {
      const { message } = new DiagramError(error instanceof Error ? error.message : String(error));
      return { message, place: locateError(error, source) };
    }
  };
}

/** Mermaid cleans labels while it reads them, which needs a document; what nobody draws need not be clean. */
const withoutDocument = 'data:text/javascript,export default { addHook() {}, sanitize: (text) => text }';

export async function loadMermaid(): Promise<Mermaid> {
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({ theme: 'base' });
  const defaults = mermaid.mermaidAPI.getConfig().themeVariables as Record<string, unknown>;
  mermaid.initialize(mermaidConfig(defaults));
  return mermaid;
}

/** As style sheet and messages call it. */
export function typeName(diagramType: string): string {
  return diagramType.replace(/-v2$|Diagram$/g, '').replace(/\W/g, '');
}
