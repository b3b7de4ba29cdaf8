import { useBackend } from '@diptych/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Makes one set of kernels those of the wasm backend. */
export type KernelSet = () => void;

/** Our kernels beside TensorFlow.js's, and TensorFlow.js's alone, on one thread; ours run when this resolves. */
export async function kernelSets(): Promise<Readonly<Record<'ours' | 'stock', KernelSet>>> {
  // Loading it registers its own kernels, of which starting it replaces some.
  await import('@tensorflow/tfjs-backend-wasm');
  const stock = tf.getKernelsForBackend('wasm');
  await useBackend('wasm', { threads: 1 });
  return { ours: setOf(tf.getKernelsForBackend('wasm')), stock: setOf(stock) };
}

function setOf(kernels: readonly tf.KernelConfig[]): KernelSet {
  return () => {
    for (const { kernelName } of tf.getKernelsForBackend('wasm')) tf.unregisterKernel(kernelName, 'wasm');
    for (const kernel of kernels) tf.registerKernel(kernel);
  };
}
