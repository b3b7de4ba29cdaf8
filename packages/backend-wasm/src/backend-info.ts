import * as tf from '@tensorflow/tfjs-core';
import { kernelsOf } from './accelerate.ts';
import type { KernelVariant } from './kernels/binary.ts';

/** What runs the tensor operations. */
export interface BackendInfo {
  /** Name in TensorFlow.js, as `wasm`. */
  readonly name: string;
  /** Whether 128-bit SIMD instructions are used. */
  readonly simd: boolean;
  /** Threads that one operation may use. */
  readonly threads: number;
  /** Which build of our fused kernels runs; absent where only plain operations do. */
  readonly kernels?: KernelVariant;
  /** Of WebGPU: whose device computes, as `apple metal-3`. */
  readonly adapter?: string;
  /** Why this one was taken, where it was chosen by `auto`. */
  readonly reason?: string;
  /** Version of TensorFlow.js. */
  readonly version: string;
  /** Why a slower backend was taken, why the kernels do not run, or why on one thread; empty when nothing is missing. */
  readonly missing: readonly string[];
}

/** The current backend, which is ready. */
export async function describeBackend(): Promise<BackendInfo> {
  const name = tf.getBackend();
  const simd = name === 'wasm' && Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
  const backend = tf.backend();
  const { kernels } = kernelsOf(backend);
  return {
    name,
    simd,
    version: tf.version_core,
    ...(kernels && { kernels }),
    // Whether a page allows workers shows after they were asked for.
    get threads() {
      return kernelsOf(backend).threads;
    },
    get missing() {
      return kernelsOf(backend).missing;
    },
  };
}
