/**
 * `import text from './file.ts?bundled'`: the file with all that it imports, as the text of one classic
 * script. For code that cannot be loaded from an address: the worker of the sandbox, the script in its page.
 */
import { build } from 'vite';
import type { Plugin } from 'vite';

export function bundledText(): Plugin {
  return {
    name: 'bundled-text',
    enforce: 'pre',
    load: {
      filter: { id: /\?bundled$/ },
      async handler(id) {
        const { code, files } = await bundled(id.replace('?bundled', ''));
        for (const file of files) this.addWatchFile(file);
        return `export default ${JSON.stringify(code)};`;
      },
    },
  };
}

/** @param define names that stand for a value in the text, by its code */
export async function bundled(entry: string, define: Record<string, string> = {}): Promise<{ code: string; files: string[] }> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    define,
    build: { write: false, target: 'es2024', lib: { entry, formats: ['iife'], name: 'bundle' }, minify: true },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((each) => ('output' in each ? each.output : []));
  const [chunk, ...rest] = outputs.filter((each) => each.type === 'chunk');
  if (chunk === undefined || rest.length > 0) throw new Error(`${entry}: expected one script, the bundle has ${outputs.map(({ fileName }) => fileName).join(', ')}`);
  return { code: chunk.code.trim(), files: chunk.moduleIds.filter((file) => !file.startsWith('\0')) };
}
