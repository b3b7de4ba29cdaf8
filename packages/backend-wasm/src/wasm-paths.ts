/** Where the binaries of the wasm backend are: a folder's URL (or path, in Node) ending in `/`, or one for each file. */
export type WasmPaths = string | { readonly simd: string; readonly plain: string };

/** Beside `src` and `dist` alike. Bundlers look for exactly this form of expression and bring the file along. */
const shipped = (): WasmPaths => ({
  simd: new URL('../wasm/tfjs-backend-wasm-simd.wasm', import.meta.url).href,
  plain: new URL('../wasm/tfjs-backend-wasm.wasm', import.meta.url).href,
});

/** Addresses by the file names that tfjs asks for. Its threads are off, so the third name is never fetched. */
export function wasmFileMap(paths: WasmPaths = shipped()): Readonly<Record<string, string>> {
  const { simd, plain } =
    typeof paths === 'string'
      ? { simd: `${paths}tfjs-backend-wasm-simd.wasm`, plain: `${paths}tfjs-backend-wasm.wasm` }
      : paths;
  return {
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  };
}
