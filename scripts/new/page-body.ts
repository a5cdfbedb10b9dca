/** The text of a draft: every heading that the page needs, with what belongs under it. */
import { stubRegion } from './example-stub.ts';
import type { Request } from './request-shape.ts';

/** The template is the specification; of it stay the sections that every pattern has. @param template the whole file */
export function patternBody(template: string, { slug }: Pick<Request, 'slug'>): string {
  const body = template.replace(/^---\n[\s\S]*?\n---\n/, '');
  const [opening = '', ...sections] = body.split(/^(?=## )/m);
  const kept = [opening, ...sections.filter((section) => !/^## .*\n+Optional\b/.test(section))].join('')
    .replaceAll(/<Snippet [^>]*\/>/g, `<Snippet file="${slug}/${slug}.ts" region="${stubRegion}" />`)
    // A claim has no source yet.
    .replaceAll(/ *<Ref [^>]*\/>/g, '');
  return withImports(kept);
}

/** `Ref` is imported before the first claim needs it. */
function withImports(body: string): string {
  return body.replace(/^import \{ ([^}]*) \} from '~\/components';$/m, (_, names: string) => {
    const used = names.split(/,\s*/).filter((name) => name === 'Ref' || body.includes(`<${name} `));
    return `import { ${used.join(', ')} } from '~/components';`;
  });
}
