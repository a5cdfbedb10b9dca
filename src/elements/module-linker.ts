/** Links compiled modules that are held in memory, and runs them: CommonJS, circles included. */
import { watched, watcher } from './example-compiler.ts';
import type { CompiledModule, Place } from './example-compiler.ts';

export type Exports = Readonly<Record<string, unknown>>;

/** An import leads to no module. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** The engine refuses the compiled code, for example because a name is declared twice. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly module: CompiledModule;

  constructor(module: CompiledModule, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.module = module;
  }
}

/** Stands before the code on its first line, which is why columns there are shifted. */
export const moduleHead = `(function (exports, require, ${watcher}) {`;

/**
 * @param provided modules that are not code of the reader, by their path
 * @param caught is told of everything that a catch block of the modules catches
 * @returns what the module at `entry` exports
 * @throws ParseError before anything runs, LinkError, or whatever the code throws
 */
export function link(modules: readonly CompiledModule[], provided: Readonly<Record<string, object>>, entry: string, caught: (error: unknown) => void = () => {}): Exports {
  const bodies = new Map(modules.map((module) => [module.path, { module, run: bodyOf(module) }]));
  const paths = [...bodies.keys(), ...Object.keys(provided)].sort();
  const loaded = new Map<string, Exports>();

  const load = (path: string): Exports => {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const outside = Object.hasOwn(provided, path) ? provided[path] : undefined;
    const body = bodies.get(path);
    const own: Record<string, unknown> = {};
    let isComplete = outside !== undefined;
    const exports = guarded(path, outside ?? own, () => isComplete);
    loaded.set(path, exports);
    body?.run(own, (specifier) => {
      const target = resolved(path, specifier);
      if (target === undefined || !paths.includes(target)) throw new LinkError(missingModule(path, specifier, paths), importOf(body.module, specifier));
      return load(target);
    }, caught);
    isComplete = true;
    return exports;
  };
  return load(entry);
}

type Body = (exports: object, require: (specifier: string) => Exports, caught: (error: unknown) => void) => void;

function bodyOf(module: CompiledModule): Body {
  const text = `${moduleHead}${watched(module.code)}\n})\n//# sourceURL=${module.path}`;
  try {
    // Called through the global object, so that the code sees no name of ours.
    return globalThis.eval(text) as Body;
  } catch (error) {
    throw new ParseError(module, trueError(text) ?? error);
  }
}

/** V8 blames private names that are declared below, whatever is wrong in a class; where they are public, it says what is. */
function trueError(text: string): unknown {
  try {
    globalThis.eval(text.replaceAll(/#(?=[a-z_])/gi, '$'));
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A name that a module does not export is an error where it is used, once the module has run; in a circle it may come later. */
function guarded(path: string, exports: object, isComplete: () => boolean): Exports {
  return new Proxy(exports, {
    get(target, name, receiver) {
      if (isComplete() && typeof name === 'string' && !(name in target) && !['__esModule', 'then'].includes(name)) {
        throw new ReferenceError(`${path} exports no "${name}"; it exports ${Object.keys(target).filter((each) => each !== '__esModule').sort().join(', ') || 'nothing'}`);
      }
      return Reflect.get(target, name, receiver) as unknown;
    },
  }) as Exports;
}

function resolved(from: string, specifier: string): string | undefined {
  return /^\.\.?\//.test(specifier) ? new URL(specifier, `file:///${from}`).pathname.slice(1) : undefined;
}

function missingModule(from: string, specifier: string, paths: readonly string[]): string {
  const near = paths.filter((path) => path !== from).map((path) => `"${relative(from, path)}"`);
  return `"${specifier}" leads to no module; there are ${near.join(', ')}`;
}

function relative(from: string, to: string): string {
  const [here, there] = [from.split('/').slice(0, -1), to.split('/')];
  const shared = here.findIndex((part, at) => part !== there[at]);
  const depth = shared < 0 ? here.length : shared;
  return `${'../'.repeat(here.length - depth) || './'}${there.slice(depth).join('/')}`;
}

/** Where the import stands: at the words between its quotation marks. */
function importOf({ path, source }: CompiledModule, specifier: string): Place {
  const statement = new RegExp(`(?:\\bfrom|\\bimport|\\()\\s*['"]${specifier.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}['"]`).exec(source);
  const at = statement === null ? 0 : statement.index + statement[0].search(/['"]/);
  const before = source.slice(0, at).split('\n');
  return { file: path, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
