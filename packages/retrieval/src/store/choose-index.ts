import type { SearchKernel } from '@diptych/core';
import { dotSteps } from '../kernels/dot-steps.ts';
import type { StoreConfig } from '../store.ts';
import { BitIndex } from './bit-index.ts';
import type { RowIndex } from './row-index.ts';
import { meanOf } from './mean-of.ts';
import { StepIndex } from './step-index.ts';

/**
 * The index for rows of a precision.
 *
 * @param sample Some rows of float32, whose mean is subtracted from all.
 */
export function chooseIndex(
  { dim, precision }: Required<StoreConfig>,
  kernel: SearchKernel<'int8'> = dotSteps,
  sample: readonly Float32Array[] = [],
): RowIndex {
  if (precision === 'binary' || precision === 'ubinary') return new BitIndex(dim, precision === 'binary' ? 128 : 0);
  return new StepIndex(dim, precision, kernel, precision === 'float32' ? meanOf(sample, dim) : new Float32Array(dim));
}
