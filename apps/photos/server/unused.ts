import type { Plugin } from 'vite';

/**
 * What TensorFlow.js brings along and this page never runs: optimizers, and threads of its own, for which the kernels of
 * `@diptych/backend-wasm` have theirs.
 */
const stubs: readonly (readonly [file: RegExp, code: string])[] = [
  [/tfjs-core\/dist\/optimizers\/register_optimizers\.js$/, 'export function registerOptimizers() {}'],
  [/tfjs-backend-wasm\/wasm-out\/tfjs-backend-wasm-threaded-simd\.js$/, 'export default undefined;'],
  [
    /tfjs-backend-wasm\/wasm-out\/tfjs-backend-wasm-threaded-simd\.worker\.js$/,
    "export const wasmWorkerContents = '';",
  ],
];

/** Leaves out of what is published what is never run. */
export function unused(): Plugin {
  return {
    name: 'unused',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const [, code] = stubs.find(([file]) => file.test(id)) ?? [];
      return code ?? null;
    },
  };
}
