/** The text of a draft: every heading that the page needs, with what belongs under it. */
import { stubRegion } from './example-stub.ts';
import type { Request } from './request-shape.ts';

/** The template is the specification; of it stay the sections that every pattern has. @param template the whole file */
export function patternBody(template: string, { slug }: Pick<Request, 'slug'>): string {
  const body = template.replaceAll('\r\n', '\n').replace(/^---\n[\s\S]*?\n---\n/, '');
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

export function problemBody(): string {
  return `import { Ref, Reports, Sources, TellApart } from '~/components';

What is the matter, in two or three sentences, before anybody knows the answer.

## What you see

What people report, what a dashboard and the log show, and when it began.

<Reports />

## Tell them apart

What to ask before choosing, and why the candidates are easily mixed up.

<TellApart />

## What makes it worse

- One thing a line that people do and should not.

## What to try, in order

1. The simplest first; doing nothing where that is honest.

## Sources

<Sources />`;
}

export function guideBody(): string {
  return `import { Ref, Sources } from '~/components';

What the reader wants to get done, for whom this is, and what it costs.

## The first step

What to do, what to look at, and how to tell that it worked.

## When to stop

Where most readers should stop, and what would have to be true to go on.

## Sources

<Sources />`;
}
