import { EmbeddingError, expectMembers, isObject } from '@diptych/core';

/** A file of `@diptych/backend-wasm/wasm/`; what the engine and the page allow says which ones are read. */
export type WasmName =
  | `tfjs-backend-wasm${'' | '-simd' | '-simd-shared'}.wasm`
  | `diptych-kernels${'' | '-relaxed'}${'' | '-threads'}.wasm`
  | `diptych-${'search' | 'algebra'}${'' | '-relaxed'}.wasm`
  | typeof worker;

/** A URL (or path, in Node), the bytes, or the module, for platforms that compile it by themselves. */
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** What is not named is read beside the package's own code. The worker is a URL; threads start from a blob without. */
export type WasmFiles = { readonly [name in WasmName]?: WasmSource };

/** A folder's URL (or path, in Node) that ends in `/` and has the files of `@diptych/backend-wasm/wasm/`, or each by its name. */
export type WasmPaths = string | URL | WasmFiles;

export interface WasmOptions {
  /** Where the binaries are; by default beside the package's own code. */
  readonly wasmPaths?: WasmPaths;
}

const worker = 'diptych-worker.js';

/** All beside this code, as it is written and as it is built. Bundlers look for this form of expression, and bring the file along. */
const shipped: Readonly<Record<Exclude<WasmName, typeof worker>, () => URL>> = {
  'tfjs-backend-wasm.wasm': () => new URL('./tfjs-backend-wasm.wasm', import.meta.url),
  'tfjs-backend-wasm-simd.wasm': () => new URL('./tfjs-backend-wasm-simd.wasm', import.meta.url),
  'tfjs-backend-wasm-simd-shared.wasm': () => new URL('./tfjs-backend-wasm-simd-shared.wasm', import.meta.url),
  'diptych-kernels.wasm': () => new URL('./diptych-kernels.wasm', import.meta.url),
  'diptych-kernels-relaxed.wasm': () => new URL('./diptych-kernels-relaxed.wasm', import.meta.url),
  'diptych-kernels-threads.wasm': () => new URL('./diptych-kernels-threads.wasm', import.meta.url),
  'diptych-kernels-relaxed-threads.wasm': () => new URL('./diptych-kernels-relaxed-threads.wasm', import.meta.url),
  'diptych-search.wasm': () => new URL('./diptych-search.wasm', import.meta.url),
  'diptych-search-relaxed.wasm': () => new URL('./diptych-search-relaxed.wasm', import.meta.url),
  'diptych-algebra.wasm': () => new URL('./diptych-algebra.wasm', import.meta.url),
  'diptych-algebra-relaxed.wasm': () => new URL('./diptych-algebra-relaxed.wasm', import.meta.url),
};

/**
 * Where a binary is, as the caller says or as it was shipped.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` where this code does not know its own address.
 */
export function wasmSource(name: Exclude<WasmName, typeof worker>, paths: WasmPaths | undefined): WasmSource {
  try {
    return given(name, paths) ?? shipped[name]();
  } catch (cause) {
    const problem = {
      where: name,
      expected: 'import.meta.url, to find it beside this code',
      got: 'none, as in bundles of CommonJS',
      cure: 'set wasmPaths to a folder with the files of @diptych/backend-wasm/wasm/',
    };
    throw new EmbeddingError('BACKEND_UNAVAILABLE', problem, { cause });
  }
}

/** The address of the workers' script, where the caller gives one. */
export function workerAddress(paths: WasmPaths | undefined): string | URL | undefined {
  const source = given(worker, paths);
  return isAddress(source) ? source : undefined;
}

function given(name: WasmName, paths: WasmPaths | undefined): WasmSource | undefined {
  return isAddress(paths) ? `${String(paths)}${name}` : paths?.[name];
}

export function isAddress(source: unknown): source is string | URL {
  return typeof source === 'string' || source instanceof URL;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no folder and names no files of ours. */
export function checkPaths(options: WasmOptions): void {
  const { wasmPaths: paths } = expectMembers(options, 'backend: options');
  if (paths === undefined || (isAddress(paths) ? String(paths).endsWith('/') : areFiles(paths))) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'wasmPaths',
    expected: `a folder's address that ends in '/', or an object of ${Object.keys(shipped).join(', ')} or ${worker}`,
    got: isObject(paths) ? Object.keys(paths) : String(paths),
  });
}

function areFiles(paths: unknown): boolean {
  if (!isObject(paths)) return false;
  const known = (name: string, source: unknown) =>
    Object.hasOwn(shipped, name) ? isAddress(source) || isBinary(source) : name === worker && isAddress(source);
  return Object.entries(paths).every(([name, source]) => source === undefined || known(name, source));
}

function isBinary(source: unknown): boolean {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source) || source instanceof WebAssembly.Module;
}
