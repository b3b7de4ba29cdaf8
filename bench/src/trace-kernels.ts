import * as tf from '@tensorflow/tfjs-core';

/** One call of a kernel, as tfjs's engine makes it. */
export interface KernelCall {
  readonly name: string;
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly tf.Tensor[];
}

/** Runs `run` and gives `see` each kernel that it calls, in their order, while its tensors live. */
export function traceKernels(run: () => void, see: (call: KernelCall) => void): void {
  const engine = tf.engine();
  const runKernel = (name: string, inputs: KernelCall['inputs'], attrs: KernelCall['attrs'] = {}) => {
    const given = inputs as tf.NamedTensorMap;
    const result = plain<tf.Tensor | tf.Tensor[]>(name, given, attrs as tf.NamedAttrMap);
    see({ name, inputs, attrs, outputs: Array.isArray(result) ? result : [result] });
    return result;
  };
  const plain: typeof engine.runKernel = engine.runKernel.bind(engine);
  Object.assign(engine, { runKernel });
  try {
    tf.tidy(run);
  } finally {
    // The method of its class is seen again.
    Reflect.deleteProperty(engine, 'runKernel');
  }
}
