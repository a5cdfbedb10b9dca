/** Runs the scenario of an example whose files a reader has changed. One job, one answer; see sandbox-frame.ts. */
import { runScenario } from '../simulator/run-scenario.ts';
import { CompileError } from './example-compiler.ts';
import type { CompiledModule, Place } from './example-compiler.ts';
import { compiledPlace, isSlip, placeOf } from './error-place.ts';
import { compileFiles, linkScenario } from './load-scenario.ts';
import { LinkError, ParseError } from './module-linker.ts';
import type { Answer, Job } from './sandbox-answer.ts';
import { begun, mostLetters, mostLines } from './sandbox-answer.ts';
import { closeWays } from './sandbox-walls.ts';

interface WorkerScope extends EventTarget { postMessage(message: unknown): void; console: object }

const scope = globalThis as unknown as WorkerScope;
const post = scope.postMessage.bind(scope);
const later = setTimeout.bind(globalThis);
const report = reportError.bind(globalThis);
const printed: string[] = [];
let modules: CompiledModule[] = [];
let isAnswered = false;

/** Told of the next error that is reported, instead of the reader. */
let uncaught: ((event: ErrorEvent) => void) | undefined;

const gone = closeWays(scope);
scope.console = Object.fromEntries(['debug', 'error', 'info', 'log', 'warn'].map((name) => [name, print]));
(Error as { stackTraceLimit?: number }).stackTraceLimit = 30;
scope.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  void fail((event as PromiseRejectionEvent).reason);
});
scope.addEventListener('error', (event) => {
  event.preventDefault();
  if (uncaught === undefined) void fail((event as ErrorEvent).error);
  else uncaught(event as ErrorEvent);
});
scope.addEventListener('message', (event) => void run((event as MessageEvent<Job>).data).catch(fail), { once: true });

async function run({ files, slug, settings, seed }: Job): Promise<void> {
  modules = compileFiles(files);
  post(begun);
  const staged = linkScenario(modules, slug, watch);
  watchHandlers();
  const outcome = await runScenario(staged, settings, seed);
  // Rejections that nobody handles are told at the end of a task.
  await new Promise((resolve) => later(resolve, 0));
  answer({ outcome, printed });
}

/** Whoever catches a slip of the pen, it is told. */
function watch(error: unknown): void {
  if (isSlip(error, modules)) void fail(error);
}

function watchHandlers(): void {
  const then = Promise.prototype.then;
  // `catch` and `finally` come through here as well; `await` does not, but then a catch block does.
  Promise.prototype.then = function <Value, Result, Other>(this: Promise<Value>, kept?: ((value: Value) => Result | PromiseLike<Result>) | null, broken?: ((reason: unknown) => Other | PromiseLike<Other>) | null) {
    return then.call(this, kept, typeof broken !== 'function' ? broken : (reason: unknown) => {
      watch(reason);
      return broken(reason);
    }) as Promise<Result | Other>;
  };
}

async function fail(error: unknown): Promise<void> {
  if (isAnswered) return;
  const place = await placeOfFailure(error);
  answer({ problem: { message: messageOf(error), ...(place === undefined ? {} : { place }) }, printed });
}

/** The first one counts. */
function answer(given: Answer): void {
  if (isAnswered) return;
  isAnswered = true;
  post(given);
}

async function placeOfFailure(error: unknown): Promise<Place | undefined> {
  if (error instanceof CompileError || error instanceof LinkError) return error.place;
  if (!(error instanceof ParseError)) return placeOf(error, modules);
  const { line, column } = await parsePlace(error.cause);
  return compiledPlace(error.module, line, column);
}

/** Firefox and Safari write the place on the error; Chromium tells it only of an error that is reported. */
function parsePlace(error: unknown): Promise<{ line: number; column: number }> {
  const { lineNumber, columnNumber, line, column } = error as Record<string, unknown>;
  if (typeof lineNumber === 'number') return Promise.resolve({ line: lineNumber, column: Number(columnNumber) || 1 });
  if (typeof line === 'number') return Promise.resolve({ line, column: Number(column) || 1 });
  return new Promise((resolve) => {
    uncaught = ({ lineno, colno }) => resolve({ line: lineno, column: colno });
    report(error);
  });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `What was thrown is no error: ${textOf(error)}`;
  const name = /^(\w+) is not defined$/.exec(error.message)?.[1] ?? '';
  if (gone.has(name)) return `${name} does not exist here: edited code has no network, no storage and no time but that of its clock`;
  return error.name === 'SyntaxError' || error instanceof LinkError || error instanceof ParseError ? error.message : `${error.name}: ${error.message}`;
}

function print(...values: unknown[]): void {
  if (printed.length < mostLines) printed.push(values.map(textOf).join(' ').slice(0, mostLetters));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
