export { checkDiagrams } from './check.ts';
export { codeFrame } from './code-frame.ts';
export { DiagramError } from './diagram-error.ts';
export type { Drawing } from './drawing.ts';
export { examineFence, type Problem } from './examine.ts';
export { fenceOption, type Fence } from './fences.ts';
export { PageFigures } from './figure.ts';
export { DiagramRenderer, type RendererOptions, type RendererStats } from './renderer.ts';
