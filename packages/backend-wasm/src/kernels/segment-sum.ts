import { type TensorInfo, UnsortedSegmentSum, util } from '@tensorflow/tfjs-core';
import { EmbeddingError } from '@diptych/core';
import { defineKernel, type KernelDefinition } from './runtime.ts';

interface Segments {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo };
  readonly attrs: { readonly numSegments: number };
}

/** Sums of the rows of one number, as the gradient of `tf.gather` needs them; rows of numbers out of range are left out. */
export const segmentSum: KernelDefinition = defineKernel<Segments>(
  UnsortedSegmentSum,
  ({ kernels, addressOf, output }, { x, segmentIds }, { numSegments }) => {
    const [rows, ...inner] = x.shape as [number, ...number[]];
    if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || util.sizeFromShape(segmentIds.shape) !== rows) {
      const got = `${x.dtype} [${x.shape}] and ${segmentIds.dtype} [${segmentIds.shape}]`;
      throw new EmbeddingError('SHAPE_MISMATCH', {
        where: 'segmentSum',
        expected: 'float32 and an int32 for each row',
        got,
      });
    }
    const y = output([numSegments, ...inner], 'float32');
    const width = util.sizeFromShape(inner);
    kernels.segmentSum(addressOf(x), addressOf(segmentIds), addressOf(y), rows, width, numSegments);
    return y;
  },
);
