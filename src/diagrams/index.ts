export { codeFrame } from './code-frame.ts';
export { DiagramError } from './diagram-error.ts';
export type { Drawing } from './drawing.ts';
export { examineFence, type Problem } from './examine.ts';
export { fenceOption, type Fence } from './fences.ts';
export { PageFigures } from './figure.ts';
export { fingerprint } from './fingerprint.ts';
export { DiagramRenderer, type RendererOptions, type RendererStats } from './renderer.ts';
export { standAlone, type StandAlone } from './stand-alone.ts';
