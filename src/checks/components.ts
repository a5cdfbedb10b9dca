/** The authors' components, as their files say: what each is called, and which attributes it knows. */
import type { ContentTree } from './content-tree.ts';

export interface KnownComponent {
  name: string;
  attributes: readonly { name: string; required: boolean }[];
}

/** By name, as exported from src/components/index.ts. */
export function authorsComponents(tree: ContentTree): ReadonlyMap<string, KnownComponent> {
  const exported = [...tree.read('src/components/index.ts').matchAll(/^export \{ default as (\w+) \} from '\.\/([\w-]+\.astro)';$/gm)];
  return new Map(exported.map(([, name = '', file = '']) => [name, { name, attributes: attributesIn(tree.read(`src/components/${file}`)) }]));
}

/** Each line of `interface Props`, which is how every component here says them. */
function attributesIn(astro: string): KnownComponent['attributes'] {
  const props = /^interface Props \{([\s\S]*?)^\}|^interface Props \{([^\n]*)\}$/m.exec(astro);
  return [...(props?.[1] ?? props?.[2] ?? '').matchAll(/(?:^|;|\*\/)\s*(\w+)(\??):/gm)].map(([, name = '', optional]) => ({ name, required: optional === '' }));
}
