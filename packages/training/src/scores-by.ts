import { scoreKernel } from '@diptych/backend-wasm/algebra';
import type { Similarity } from '@diptych/core';
import { cosineScores, orderScores, type Rows, type Scores } from '@diptych/evaluation';

/** Scores of images with captions, as the rows of a space are compared; cosines in WebAssembly where it has SIMD. */
export async function scoresBy(similarity: Similarity): Promise<(images: Rows, captions: Rows) => Scores> {
  if (similarity === 'order') return orderScores;
  const kernel = await scoreKernel();
  return (images, captions) => cosineScores(images, captions, { kernel });
}
