import type { DrawRequest } from './draw.ts';
import type { Drawing } from './drawing.ts';
import type { SourcePlace } from './locate.ts';

export type WorkerRequest = DrawRequest;

export type WorkerAnswer =
  | { readonly drawing: Drawing; readonly durationMs: number }
  | { readonly failure: { readonly message: string; readonly place: SourcePlace | undefined } };
