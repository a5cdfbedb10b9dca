/** What the code base is meant to be. */
export interface Architecture {
  /** Name of each module, which is its folder, and the modules whose public face it may import. */
  readonly modules: Readonly<Record<string, readonly string[]>>;
  /** Files beside the folders that every module may import. They import no module. */
  readonly shared: readonly string[];
}

/** Text of each source file by its path, for example `orders/index.ts`. */
export type Sources = Readonly<Record<string, string>>;

/** One import of a file of the code base, as it was found in a source file. */
export interface FoundImport { readonly file: string; readonly line: number; readonly target: string }

export interface Breach {
  readonly rule: 'public face' | 'undeclared' | 'circle' | 'upwards' | 'foreign table' | 'unused';
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly mend: string;
}

/** The module that a file belongs to; undefined for a file beside the folders. */
export const moduleOf = (file: string): string | undefined => /^([^/]+)\//.exec(file)?.[1];
const faceOf = (module: string): string => `${module}/index.ts`;

// #region imports
const statement = /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** Every relative import: of values and of types, static and dynamic. A type past the border ties as a value does. */
export function importsIn(sources: Sources): FoundImport[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const code = withoutComments(text);
    return [...code.matchAll(statement)].flatMap((match) => {
      const path = (match[1] ?? match[2])!;
      if (!path.startsWith('.')) return [];
      const target = new URL(path, `file:///${file}`).pathname.slice(1);
      return { file, line: lineAt(code, match.index), target };
    });
  });
}
// #endregion imports

// #region breaches
/** Everything that the code does against the borders, each with its place and a way to mend it. Empty when all is well. */
export function breaches(architecture: Architecture, sources: Sources): Breach[] {
  const imports = importsIn(sources);
  return [
    ...imports.flatMap((each) => importBreach(architecture, each) ?? []),
    ...circles(imports),
    ...foreignTables(architecture, sources),
    ...unused(architecture, imports),
  ];
}

function importBreach({ modules, shared }: Architecture, { file, line, target }: FoundImport): Breach | undefined {
  const [from, to] = [moduleOf(file), moduleOf(target)];
  const at = { file, line, found: `imports ${target}` };
  if (to === undefined) {
    if (from === undefined || shared.includes(target)) return undefined;
    return { rule: 'upwards', ...at, mend: `let ${target} hand over what ${from} needs` };
  }
  if (from === to) return undefined;
  if (target !== faceOf(to)) return { rule: 'public face', ...at, mend: `import ${faceOf(to)}; add there what is missing` };
  if (from === undefined) {
    return shared.includes(file) ? { rule: 'upwards', ...at, mend: `move what needs ${to} out of ${file}` } : undefined;
  }
  if (modules[from]?.includes(to)) return undefined;
  return { rule: 'undeclared', ...at, mend: `do without ${to}, or declare that ${from} depends on it` };
}
// #endregion breaches

// #region circles
/** Each circle once, at the import that closes it. */
function circles(imports: readonly FoundImport[]): Breach[] {
  const edges = imports.flatMap((each) => {
    const [from, to] = [moduleOf(each.file), moduleOf(each.target)];
    return from === undefined || to === undefined || from === to ? [] : [{ ...each, from, to }];
  });
  const done = new Set<string>();
  const visit = (module: string, path: readonly string[]): Breach[] => {
    if (done.has(module)) return [];
    const onward = [...path, module];
    const next = [...Map.groupBy(edges.filter(({ from }) => from === module), ({ to }) => to)];
    const found = next.flatMap(([to, [first]]): Breach[] => {
      if (!onward.includes(to)) return visit(to, onward);
      const { file, line } = first!;
      const circle = [...onward.slice(onward.indexOf(to)), to].join(' → ');
      return [{ rule: 'circle', file, line, found: circle, mend: `let ${module} announce what happened, and ${to} listen` }];
    });
    done.add(module);
    return found;
  };
  return edges.flatMap(({ from }) => visit(from, []));
}
// #endregion circles

// #region tables
/** A statement that names the schema of another module. Finds names in the text, not those put together at run time. */
function foreignTables({ modules }: Architecture, sources: Sources): Breach[] {
  const named = /\b(?:from|join|into|update|table|references)\s+(\w+)\.\w+/g;
  return Object.entries(sources).flatMap(([file, text]) => {
    const code = withoutComments(text);
    return [...code.matchAll(named)].filter(([, schema = '']) => Object.hasOwn(modules, schema) && schema !== moduleOf(file))
      .map((match): Breach => ({ rule: 'foreign table', file, line: lineAt(code, match.index), found: match[0], mend: `ask ${faceOf(match[1]!)}` }));
  });
}
// #endregion tables

/** What is declared and not needed is an open door. */
function unused({ modules }: Architecture, imports: readonly FoundImport[]): Breach[] {
  return Object.entries(modules).flatMap(([from, may]) => may
    .filter((to) => !imports.some(({ file, target }) => moduleOf(file) === from && moduleOf(target) === to))
    .map((to): Breach => ({ rule: 'unused', file: faceOf(from), line: 1, found: `${from} is declared to depend on ${to}, and does not`, mend: 'take it out of the declaration' })));
}

/** Blanks comments, so that lines keep their numbers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
