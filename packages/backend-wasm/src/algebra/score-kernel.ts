import type { ScoreKernel } from '@diptych/core';
import { newMemory } from '../grow-memory.ts';
import { kernelVariant, type KernelVariant } from '../kernels/binary.ts';
import { compileBinary } from '../kernels/compile-binary.ts';
import { readExports } from '../kernels/exports.ts';
import type { WasmOptions } from '../wasm/wasm-paths.ts';
import { workspace } from './workspace.ts';

/** Of one panel of the packed documents: a range begins with one. */
const panel = 8;
/** Up to so many numbers, packed documents lie one panel after the other. */
const steps = 768;
/** Documents that are packed at once then: more room than theirs is for no longer than that. */
const piece = 2048;

/**
 * Products of rows in single precision, for the scores of `@diptych/evaluation`, in WebAssembly with SIMD. It needs no
 * TensorFlow.js. Documents are copied into a memory of their own, which goes with what the kernel returns.
 *
 * @returns `undefined` where the engine has no SIMD.
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read. The kernel throws `OUT_OF_MEMORY` for
 *   documents that do not fit, 4 GiB at most.
 */
export async function scoreKernel(options: WasmOptions = {}): Promise<ScoreKernel | undefined> {
  return typeof WebAssembly === 'undefined' ? undefined : scoreKernelOf(kernelVariant(), options);
}

export async function scoreKernelOf(
  variant: KernelVariant,
  options: WasmOptions = {},
): Promise<ScoreKernel | undefined> {
  const module = await compileBinary({ kind: 'kernels', variant, user: 'scores' }, options);
  if (!module) return undefined;
  return (documents, dim) => {
    const memory = newMemory(0, { user: 'scores', content: 'documents', unit: 'call' });
    const kernels = readExports(new WebAssembly.Instance(module, { env: { memory } }).exports);
    const space = workspace(memory);
    const m = documents.length / dim || 0;
    const packedBytes = kernels.packedBytes(dim, m) >>> 0;
    const size = dim <= steps ? Math.min(m, piece) : m;
    const [packed, stored] = space.room(packedBytes, 4 * size * dim) as [number, number];
    for (let first = 0; first < m; first += size) {
      const part = documents.subarray(first * dim, (first + size) * dim);
      new Float32Array(memory.buffer, stored, part.length).set(part);
      kernels.packColumns(stored, 4, 4 * dim, packed + 4 * first * dim, dim, part.length / dim);
    }
    return (queries, first, end) => {
      const n = queries.length / dim || 0;
      const left = first - (first % panel);
      const right = Math.min(m, Math.ceil(end / panel) * panel);
      const width = right - left;
      const bytes = [packedBytes, queries.byteLength, 4 * n * width, kernels.gemmScratchBytes()] as const;
      const [, from, to, scratch] = space.room(...bytes) as [number, number, number, number];
      new Float32Array(memory.buffer, from, queries.length).set(queries);
      const sizes = { m: n, k: dim, n: m, from: left, end: right };
      const result = { to: to - 4 * left, cRow: 4 * width, scale: 0, bias: 0, activation: 0, residual: 0 };
      kernels.gemm({ numbers: 0, a: from, aRow: 4 * dim, aColumn: 4, b: packed, ...sizes, ...result, scratch });
      return columnsOf(new Float32Array(memory.buffer, to, n * width), width, first - left, end - left);
    };
  };
}

/** Columns of a matrix that is `width` numbers wide. */
function columnsOf(data: Float32Array, width: number, begin: number, end: number): Float32Array {
  if (begin === 0 && end === width) return data;
  const rows = data.length / width || 0;
  const out = new Float32Array(rows * (end - begin));
  for (let i = 0; i < rows; i++) out.set(data.subarray(i * width + begin, i * width + end), i * (end - begin));
  return out;
}
