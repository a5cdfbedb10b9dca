import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Drawing } from './drawing.ts';
import { fingerprint } from './fingerprint.ts';
import { WorkerPool } from './worker-pool.ts';

export interface RendererOptions {
  /** Where drawings are kept between builds; `false` keeps them in memory only. */
  readonly cacheDirectory?: string | false;
  readonly workers?: number;
  /** A drawing thread without work ends after so long; without it none ends. */
  readonly idleMs?: number;
}

export interface RendererStats {
  readonly drawn: number;
  readonly fromCache: number;
  readonly drawingMs: number;
}

/** Draws each text once: memory first, then the cache on disk, then a worker thread. */
export class DiagramRenderer {
  readonly #directory: string | undefined;
  readonly #pool: WorkerPool;
  readonly #known = new Map<string, Promise<Drawing>>();
  #stats: RendererStats = { drawn: 0, fromCache: 0, drawingMs: 0 };

  constructor({ cacheDirectory = path.resolve('node_modules/.cache/diagrams'), workers, idleMs }: RendererOptions = {}) {
    this.#directory = cacheDirectory === false ? undefined : path.join(cacheDirectory, fingerprint());
    this.#pool = new WorkerPool(workers ?? Math.min(4, availableParallelism()), idleMs);
  }

  get stats(): RendererStats {
    return this.#stats;
  }

  /** Drawing threads that are alive. */
  get threads(): number {
    return this.#pool.threads;
  }

  render(source: string): Promise<Drawing> {
    const key = createHash('sha256').update(source).digest('hex').slice(0, 20);
    const known = this.#known.get(key);
    if (known) return known;
    const drawing = this.#load(key, source);
    this.#known.set(key, drawing);
    // A failure is not kept: the same text may be drawn again after the cause is mended.
    drawing.catch(() => this.#known.delete(key));
    return drawing;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #load(key: string, source: string): Promise<Drawing> {
    const file = this.#directory && path.join(this.#directory, `${key}.json`);
    const cached = file && (await readDrawing(file));
    if (cached) {
      this.#stats = { ...this.#stats, fromCache: this.#stats.fromCache + 1 };
      return cached;
    }
    const { drawing, durationMs } = await this.#pool.run({ source, id: `dg-${key.slice(0, 8)}` });
    const { drawn, drawingMs } = this.#stats;
    this.#stats = { ...this.#stats, drawn: drawn + 1, drawingMs: drawingMs + durationMs };
    if (file) await writeDrawing(file, drawing);
    return drawing;
  }
}

async function readDrawing(file: string): Promise<Drawing | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Drawing;
  } catch {
    // Missing or half-written by a killed process: drawn again.
    return undefined;
  }
}

async function writeDrawing(file: string, drawing: Drawing): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(unfinished, JSON.stringify(drawing));
  await rename(unfinished, file);
}
