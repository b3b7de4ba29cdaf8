import type { SearchKernel } from '@diptych/core';
import { dotSteps } from '../kernels/dot-steps.ts';
import type { StoreConfig } from '../store.ts';
import { BitIndex } from './bit-index.ts';
import type { RowIndex } from './row-index.ts';
import { meanOf } from './mean-of.ts';
import { StepIndex } from './step-index.ts';
import type { StepsFile } from './steps-file.ts';

/**
 * The index for rows of a precision.
 *
 * @param sample Some rows of float32, whose mean is subtracted from all.
 * @param file For steps or signs that are too many for memory.
 */
export function chooseIndex(
  { dim, precision }: Required<StoreConfig>,
  kernel: SearchKernel<'int8'> = dotSteps,
  sample: readonly Float32Array[] = [],
  file?: StepsFile,
): RowIndex {
  if (precision === 'binary' || precision === 'ubinary') {
    return new BitIndex(dim, precision === 'binary' ? 128 : 0, file);
  }
  const mean = precision === 'float32' ? meanOf(sample, dim) : new Float32Array(dim);
  return new StepIndex(dim, precision, kernel, mean, { file });
}
