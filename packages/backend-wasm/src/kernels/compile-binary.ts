import { EmbeddingError } from '@diptych/core';
import { checkPaths, isAddress, type WasmOptions, wasmSource } from '../wasm/wasm-paths.ts';
import { compile, type KernelVariant } from './binary.ts';

/** A build of our kernels. */
export interface Binary {
  readonly kind: 'algebra' | 'kernels' | 'search';
  readonly variant: KernelVariant;
  /** What errors call whoever needs it. */
  readonly user: string;
}

/**
 * The module of a binary; `undefined` where the engine does not know its instructions.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read, `INPUT_INVALID` for wrong paths.
 */
export async function compileBinary(
  { kind, variant, user }: Binary,
  options: WasmOptions,
): Promise<WebAssembly.Module | undefined> {
  checkPaths(options);
  const source = wasmSource(`diptych-${kind}${variant === 'simd' ? '' : '-relaxed'}.wasm`, options.wasmPaths);
  try {
    return await compile(source);
  } catch (cause) {
    const place = isAddress(source) ? `at ${source}` : 'in what wasmPaths gives';
    const problem = { where: user, expected: `its kernels ${place}`, got: cause };
    throw new EmbeddingError('BACKEND_UNAVAILABLE', problem, { cause });
  }
}
