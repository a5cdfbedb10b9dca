import { examineFence, type Problem } from './examine.ts';
import { findFences } from './fences.ts';
import { DiagramRenderer } from './renderer.ts';

/** Draws every diagram of the given pages, without a build, and returns what there is to mend. */
export async function checkDiagrams(files: readonly { file: string; text: string }[]): Promise<Problem[]> {
  const renderer = new DiagramRenderer();
  try {
    const examinations = await Promise.all(
      files.flatMap(({ file, text }) => findFences(text).map((fence) => examineFence(file, fence, renderer))),
    );
    return examinations.flatMap((examination) => examination.problems);
  } finally {
    await renderer.close();
  }
}
