import { Softmax, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';

interface Logits {
  readonly inputs: { readonly logits: TensorInfo };
  /** The last axis; tf.softmax knows no other. */
  readonly attrs: { readonly dim: number };
}

/** Softmax of rows, by the kernel of attention. A row with NaN or infinity becomes NaN, and so does one of -infinity alone. */
export const softmax: KernelDefinition = defineKernel<Logits>(Softmax, ({ kernels, addressOf, output }, { logits }) => {
  const width = logits.shape.at(-1) ?? 1;
  const y = output(logits.shape, 'float32');
  const rows = util.sizeFromShape(logits.shape.slice(0, -1));
  if (width > 0) kernels.softmax(addressOf(logits), addressOf(y), rows, width, 4 * width, 1, 0, 0);
  return y;
});
