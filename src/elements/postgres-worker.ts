/** PostgreSQL in a worker of the reader's browser: starts it, plays an experiment, answers a statement. */
import type { Lab } from '../examples/lab.ts';
import { ask, playLab } from './lab-play.ts';
import type { Session, Sheet, Step } from './lab-play.ts';

export type ToPostgres =
  | { kind: 'start'; example: string; /** Address of the folder with PGlite's files. */ folder: string }
  | { kind: 'play'; point: string }
  | { kind: 'ask'; variant: string; sql: string };

export type FromPostgres =
  | { kind: 'loading'; bytes: number }
  | { kind: 'ready'; version: string; points: Lab['points']; variants: Lab['variants'] }
  | { kind: 'played'; stories: Record<string, Step[]> }
  | { kind: 'answer'; sheet: Sheet }
  | { kind: 'failed'; message: string };

interface Postgres extends Session { readonly waitReady: Promise<void> }
interface Module { PGlite: { create(options: Record<string, unknown>): Promise<Postgres> } }

const labs = import.meta.glob<{ lab: Lab }>('../examples/*/lab.ts');
let session: Postgres | undefined;
let lab: Lab | undefined;

/** PostgreSQL asks `Date.now` for the time. It begins on a fixed day and moves only when a story says so. */
let nowMs = Date.UTC(2026, 0, 1, 12);
const passMs = (ms: number): void => { nowMs += ms; };

addEventListener('message', ({ data }: MessageEvent<ToPostgres>) => {
  answer(data).then(post, (error: unknown) => post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
});

async function answer(wish: ToPostgres): Promise<FromPostgres> {
  if (wish.kind === 'start') return start(wish.example, wish.folder);
  if (session === undefined || lab === undefined) throw new Error('PostgreSQL has not started');
  if (wish.kind === 'ask') return { kind: 'answer', sheet: await ask(session, wish.variant, wish.sql) };
  const stories: Record<string, Step[]> = {};
  for (const { id } of lab.variants) stories[id] = await playLab(session, { lab, variant: id, point: wish.point }, passMs);
  return { kind: 'played', stories };
}

async function start(example: string, folder: string): Promise<FromPostgres> {
  const load = labs[`../examples/${example}/lab.ts`];
  if (load === undefined) throw new Error(`there is no experiment for "${example}"`);
  const [module, { lab: loaded }, wasm, data, init] = await Promise.all([
    import(/* @vite-ignore */ `${folder}/index.js`) as Promise<Module>,
    load(),
    inflated(`${folder}/pglite.wasm.gz`), inflated(`${folder}/pglite.data.gz`), inflated(`${folder}/initdb.wasm.gz`),
  ]);
  const [pgliteWasmModule, initdbWasmModule] = await Promise.all([WebAssembly.compile(wasm), WebAssembly.compile(init)]);
  Date.now = () => nowMs;
  session = await module.PGlite.create({ pgliteWasmModule, initdbWasmModule, fsBundle: new Blob([data]) });
  lab = loaded;
  const { rows: [row] } = await session.query<{ version: string }>("select split_part(version(), ' ', 2) as version");
  return { kind: 'ready', version: row?.version ?? '', points: lab.points, variants: lab.variants };
}

/** Fetches a compressed file, says how much of it has come, and inflates it. */
async function inflated(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok || response.body === null) throw new Error(`${address} could not be loaded (${response.status})`);
  const counted = response.body.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      post({ kind: 'loading', bytes: chunk.length });
      controller.enqueue(chunk);
    },
  }));
  // A host that declares the files as gzip has had them inflated on the way.
  const [first, rest] = await peeked(counted);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  return new Response(isGzip ? rest.pipeThrough(new DecompressionStream('gzip')) : rest).arrayBuffer();
}

async function peeked(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<[Uint8Array, ReadableStream<Uint8Array<ArrayBuffer>>]> {
  const reader = stream.getReader();
  const { value: first = new Uint8Array() } = await reader.read();
  const rest = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) { if (first.length > 0) controller.enqueue(first); },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return [first, rest];
}

function post(message: FromPostgres): void {
  postMessage(message);
}
