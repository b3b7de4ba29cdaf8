import { EmbeddingError, provideWeights, weightStoreOf } from '@diptych/core';
import { getKernel, type KernelBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { activate, activateGrad } from './activate.ts';
import { adam } from './adam.ts';
import { batchNorm, batchNormGrad } from './batch-norm.ts';
import { batchMatMul } from './batch-mat-mul.ts';
import { compile, kernelVariant, type KernelVariant } from './binary.ts';
import { conv2d, fusedConv2d } from './conv2d.ts';
import { conv2dFilterGrad } from './conv2d-filter-grad.ts';
import { conv2dInputGrad } from './conv2d-input-grad.ts';
import { isAddress, type WasmPaths, type WasmSource, wasmSource, workerAddress } from '../wasm/wasm-paths.ts';
import { type ThreadPool, threadPool } from '../threads/thread-pool.ts';
import { readExports } from './exports.ts';
import { readExports as readThreads } from '../threads/exports.ts';
import { depthwiseConv2d, fusedDepthwiseConv2d } from './depthwise-conv2d.ts';
import { depthwiseFilterGrad, depthwiseInputGrad } from './depthwise-conv2d-grad.ts';
import { heapOf } from './heap.ts';
import { memoryOf } from './tfjs-inside.ts';
import { identity } from './identity.ts';
import { linearGrad } from './linear-grad.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { oneHot } from './one-hot.ts';
import { pairBlocks } from './pair-blocks.ts';
import { recurrent } from './recurrent.ts';
import { recurrentGrad } from './recurrent-grad.ts';
import { mean, sum } from './reduce.ts';
import { runOver } from './run-over.ts';
import { type KernelDefinition, type Runtime, runtimeOf } from './runtime.ts';
import { segmentSum } from './segment-sum.ts';
import { layerNorm, layerNormGrad, linear, selfAttention, selfAttentionGrad } from './layers.ts';
import { gather, patchify, slice, splitV, unpack } from './copies.ts';
import { softmax } from './softmax.ts';
import { weightStore } from './weight-store.ts';

const definitions: readonly KernelDefinition[] = [
  activate,
  activateGrad,
  adam,
  batchMatMul,
  batchNorm,
  batchNormGrad,
  conv2d,
  conv2dFilterGrad,
  conv2dInputGrad,
  depthwiseConv2d,
  depthwiseFilterGrad,
  depthwiseInputGrad,
  fusedConv2d,
  fusedDepthwiseConv2d,
  gather,
  identity,
  layerNorm,
  layerNormGrad,
  linear,
  linearGrad,
  maxPoolGrad,
  mean,
  oneHot,
  pairBlocks,
  patchify,
  recurrent,
  recurrentGrad,
  runOver,
  segmentSum,
  selfAttention,
  selfAttentionGrad,
  slice,
  softmax,
  splitV,
  sum,
  unpack,
];

export interface InstalledKernels {
  readonly variant: KernelVariant;
  readonly runtime: Runtime;
  /** Absent where memory is not shared. */
  readonly pool?: ThreadPool;
  /**
   * Leaves the backend as it was before, its kernels, its memory and the values of its tensors.
   *
   * @throws {EmbeddingError} `INPUT_INVALID` while others are installed over them; nothing has changed then.
   */
  readonly uninstall: () => void;
}

/**
 * Adds the fused kernels to the running wasm backend and replaces its slow ones, all of them or none.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read or run here, or the backend is not as
 *   expected. The backend is as before then.
 */
export async function installKernels(
  backend: KernelBackend,
  variant: KernelVariant = kernelVariant(),
  paths?: WasmPaths,
): Promise<InstalledKernels> {
  const memory = memoryOf(backend);
  const shared = isShared(memory);
  const name = `diptych-kernels${variant === 'simd' ? '' : '-relaxed'}${shared ? '-threads' : ''}.wasm` as const;
  const { module, instance } = await instantiate(wasmSource(name, paths), memory);
  const heap = heapOf(backend);
  const undo = [heap.undo];
  const uninstall = () =>
    undo
      .splice(0)
      .toReversed()
      .forEach((restore) => restore());
  try {
    const pool = shared
      ? threadPool(heap, { module, worker: workerAddress(paths) }, readThreads(instance.exports))
      : undefined;
    undo.push((heap.onEnd = () => pool?.end()));
    const runtime = runtimeOf(heap, readExports(instance.exports));
    undo.push(runtime.giveBack);
    for (const define of definitions) undo.push(replace(define, runtime));
    const store = weightStore(runtime);
    undo.push(provideWeights(backend, store));
    const uninstallLast = () => {
      if (undo.length > 0 && weightStoreOf(backend) !== store) throw notLast();
      uninstall();
    };
    return { variant, runtime, ...(pool && { pool }), uninstall: uninstallLast };
  } catch (error) {
    uninstall();
    throw error;
  }
}

async function instantiate(
  source: WasmSource,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  try {
    const module = await compile(source);
    if (!module) throw new Error('this engine does not know its instructions');
    return { module, instance: await WebAssembly.instantiate(module, { env: { memory } }) };
  } catch (cause) {
    const what = isAddress(source) ? String(source) : 'what wasmPaths gives';
    const problem = { where: 'kernels', expected: `to read and run ${what}`, got: cause };
    throw new EmbeddingError('BACKEND_UNAVAILABLE', problem, { cause });
  }
}

function notLast(): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', {
    where: 'kernels',
    expected: 'those that were installed last',
    got: 'others over them',
  });
}

function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;
}

function replace(define: KernelDefinition, runtime: Runtime): () => void {
  const config = define(runtime);
  const { kernelName, backendName } = config;
  const before = getKernel(kernelName, backendName);
  if (before) unregisterKernel(kernelName, backendName);
  registerKernel(config);
  return () => {
    unregisterKernel(kernelName, backendName);
    if (before) registerKernel(before);
  };
}
