import type { ImageBatch } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { rules } from './onnx-rules.ts';
import { Tracer } from './onnx-tracer.ts';
import { traceKernels } from './trace-kernels.ts';

/**
 * What a network of convolutions computes of a batch, as a graph with one node for each of our kernels, or as few as ONNX has for
 * it: input `pixels` `[n, 3, height, width]`. What is made of weights alone, folded norms say, is a constant.
 */
export function traceOnnx(batch: ImageBatch, forward: (batch: ImageBatch) => tf.Tensor): Uint8Array {
  const tracer = new Tracer(batch.shape);
  let last = -1;
  traceKernels(
    () => void (last = forward(batch).id),
    (call) => tracer.add(call, rules[call.name]),
  );
  const [, height, width] = batch.shape;
  return tracer.graph.write({ name: 'pixels', type: 'float32', shape: ['n', 3, height, width] }, tracer.at(last).value);
}
