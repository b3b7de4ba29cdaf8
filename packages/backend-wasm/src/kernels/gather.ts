import { EmbeddingError } from '@diptych/core';
import { backend_util, GatherV2, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

interface Gathering {
  readonly inputs: { readonly x: TensorInfo; readonly indices: TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims: number };
}

/** Rows by number, as of an embedding table. Takes the place of tfjs's own, which copies number by number. */
export const gather: KernelDefinition = defineKernel<Gathering>(
  GatherV2,
  ({ kernels, backend, addressOf, output }, { x, indices }, { axis, batchDims }) => {
    const [at] = util.parseAxisParam(axis, x.shape);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, at!, batchDims);
    const y = output(outputShape, x.dtype);
    const count = util.sizeFromShape(indices.shape) / batchSize || 0;
    const bytes = sliceSize * util.bytesPerElement(x.dtype);
    for (let batch = 0; batch < batchSize; batch++) {
      const from = addressOf(x) + batch * outerSize * dimSize * bytes;
      const [ids, to] = [addressOf(indices) + 4 * batch * count, addressOf(y) + batch * outerSize * count * bytes];
      const wrong = kernels.gather(from, ids, to, outerSize, dimSize, count, bytes);
      if (wrong < 0) continue;
      backend.disposeData(y.dataId);
      const got = (backend.readSync(indices.dataId) as Int32Array)[batch * count + wrong];
      throw new EmbeddingError('INPUT_INVALID', { where: 'gather', expected: `numbers from 0 to ${dimSize - 1}`, got });
    }
    return y;
  },
);
