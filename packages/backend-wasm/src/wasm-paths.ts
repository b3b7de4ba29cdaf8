import type { KernelVariant } from './kernels/binary.ts';

/**
 * Where the binaries of the wasm backend are: a folder's URL (or path, in Node) ending in `/` that has those of
 * tfjs-backend-wasm, or one for each file.
 */
export type WasmPaths = string | WasmFiles;

/** With and without SIMD instructions; only the one that the engine can run is fetched. */
export interface WasmFiles {
  readonly simd: string;
  readonly plain: string;
  /** `wasm/tfjs-backend-wasm-simd-shared.wasm` of this package; without it everything runs on one thread. */
  readonly shared?: string;
}

export function wasmFiles(paths: WasmPaths = shipped()): WasmFiles {
  if (typeof paths !== 'string') return paths;
  return { simd: `${paths}tfjs-backend-wasm-simd.wasm`, plain: `${paths}tfjs-backend-wasm.wasm` };
}

// All of these are beside `src` and `dist` alike. Bundlers look for exactly this form of expression and bring the file along.

function shipped(): WasmFiles {
  return {
    simd: new URL('../wasm/tfjs-backend-wasm-simd.wasm', import.meta.url).href,
    plain: new URL('../wasm/tfjs-backend-wasm.wasm', import.meta.url).href,
    shared: new URL('../wasm/tfjs-backend-wasm-simd-shared.wasm', import.meta.url).href,
  };
}

/** The kernels, for a memory that threads share or not. */
export function kernelsUrl(variant: KernelVariant, shared: boolean): URL {
  if (variant === 'simd') {
    return shared
      ? new URL('../wasm/diptych-kernels-threads.wasm', import.meta.url)
      : new URL('../wasm/diptych-kernels.wasm', import.meta.url);
  }
  return shared
    ? new URL('../wasm/diptych-kernels-relaxed-threads.wasm', import.meta.url)
    : new URL('../wasm/diptych-kernels-relaxed.wasm', import.meta.url);
}

export function searchUrl(variant: KernelVariant): URL {
  return variant === 'simd'
    ? new URL('../wasm/diptych-search.wasm', import.meta.url)
    : new URL('../wasm/diptych-search-relaxed.wasm', import.meta.url);
}

export function algebraUrl(variant: KernelVariant): URL {
  return variant === 'simd'
    ? new URL('../wasm/diptych-algebra.wasm', import.meta.url)
    : new URL('../wasm/diptych-algebra-relaxed.wasm', import.meta.url);
}
