import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from '../kernels/binary.ts';
import { sharesMemory } from '../threads/shares-memory.ts';
import { isAddress, type WasmPaths, type WasmSource, wasmSource } from './wasm-paths.ts';

/** What the backend starts on. */
export interface PreparedWasm {
  /** Address of the binary, or what else it is. */
  readonly place: string;
  readonly paths: WasmPaths | undefined;
  /** Where tfjs may not load it by itself. */
  readonly module?: WebAssembly.Module | undefined;
}

type Kind = '' | '-simd' | '-simd-shared';

let first: (PreparedWasm & { readonly source: WasmSource; readonly kind: Kind }) | undefined;

/**
 * Registers the wasm backend and tells it where its binary is, which tfjs takes only before its first start.
 *
 * @param threads For how many the memory is to be; see `sharesMemory`.
 * @throws {EmbeddingError} `INPUT_INVALID` when other paths were given before, `BACKEND_UNAVAILABLE` where the binary has no
 *   known place or is none.
 */
export async function prepareWasm(paths: WasmPaths | undefined, threads: number): Promise<PreparedWasm> {
  if (first && paths === undefined) return first;
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const kind = first?.kind ?? (await kindOf(threads));
  const source = wasmSource(`tfjs-backend-wasm${kind}.wasm`, paths);
  const place = isAddress(source) ? String(source) : 'what wasmPaths gives';
  if (first && isSame(source, first.source)) return first;
  if (first) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'wasm: wasmPaths are fixed by the first start',
      expected: first.place,
      got: place,
      cure: 'start a new page or process',
    });
  }
  const module = isAddress(source) ? undefined : await moduleOf(source);
  // tfjs's threads do not exist in Node and break in minified bundles; ours share its memory from outside.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // The one that is wanted, by whatever name tfjs asks.
  const names = ['', '-simd', '-threaded-simd'].map((name) => [`tfjs-backend-wasm${name}.wasm`, place]);
  setWasmPaths(Object.fromEntries(names), module !== undefined);
  first = { place, paths, module, source, kind };
  return first;
}

async function kindOf(threads: number): Promise<Kind> {
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return '';
  return sharesMemory(threads) ? '-simd-shared' : '-simd';
}

function isSame(one: WasmSource, other: WasmSource): boolean {
  return one === other || (isAddress(one) && isAddress(other) && String(one) === String(other));
}

async function moduleOf(source: WasmSource): Promise<WebAssembly.Module> {
  const module = await compile(source).catch(() => undefined);
  if (module) return module;
  throw new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: 'wasm: wasmPaths',
    expected: 'binaries that this engine compiles',
    got: 'others, or a policy against it',
    cure: 'give modules',
  });
}

/** Runs `start` so that tfjs, which reads bytes from an address and instantiates them, gets its module instead. */
export async function startOn<T>(module: WebAssembly.Module | undefined, start: () => Promise<T>): Promise<T> {
  if (!module) return start();
  const env = tf.env();
  const { platform } = env;
  const { instantiate } = WebAssembly;
  const response = Object.assign(new Response(), { arrayBuffer: async () => module });
  env.platform = Object.assign(Object.create(platform) as typeof platform, { fetch: async () => response });
  Object.assign(WebAssembly, {
    instantiate: async (source: WebAssembly.Module, imports: WebAssembly.Imports) => {
      const instance = await instantiate(source, imports).catch((error: unknown) => abort(error, imports));
      return source === module ? { module, instance } : instance;
    },
  });
  try {
    return await start();
  } finally {
    env.platform = platform;
    WebAssembly.instantiate = instantiate;
  }
}

/** tfjs would wait for ever; what emscripten calls `abort` ends its start. */
function abort(error: unknown, { env }: WebAssembly.Imports): never {
  (env?.['abort'] as (() => void) | undefined)?.();
  throw error;
}
