import { readBeside } from '@diptych/core';
import { isAddress, type WasmSource } from '../wasm/wasm-paths.ts';

/** Which binary of the kernels runs: with fused multiply-add, or with what every engine with SIMD has. */
export type KernelVariant = 'relaxed-simd' | 'simd';

/** `relaxed-simd` where the engine knows `f32x4.relaxed_madd`. */
export function kernelVariant(): KernelVariant {
  return WebAssembly.validate(relaxedMadd) ? 'relaxed-simd' : 'simd';
}

/**
 * The module of a binary; `undefined` where the engine does not know its instructions.
 *
 * @throws whatever goes wrong with reading it.
 */
export async function compile(source: WasmSource): Promise<WebAssembly.Module | undefined> {
  if (source instanceof WebAssembly.Module) return source;
  const bytes = isAddress(source) ? await readBeside(urlOf(source)) : source;
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : undefined;
}

/** Relative to the page, or, in Node, of a path. */
function urlOf(source: string | URL): URL {
  const { location } = globalThis as { location?: Location };
  if (location || /^(\w\w+):/.test(String(source))) return new URL(source, location?.href);
  return globalThis.process.getBuiltinModule('node:url').pathToFileURL(String(source));
}

// (func (result v128) i32.const 0 i8x16.splat ×3 f32x4.relaxed_madd)
const relaxedMadd = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
    [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type () -> v128
    [0x03, 0x02, 0x01, 0x00], // one function of that type
    [0x0a, 0x13, 0x01, 0x11, 0x00], // its body
    [0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
  ].flat(),
);
