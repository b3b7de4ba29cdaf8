/** Which binary of the kernels runs: with fused multiply-add, or with what every engine with SIMD has. */
export type KernelVariant = 'relaxed-simd' | 'simd';

/** `relaxed-simd` where the engine knows `f32x4.relaxed_madd`. */
export function kernelVariant(): KernelVariant {
  return WebAssembly.validate(relaxedMadd) ? 'relaxed-simd' : 'simd';
}

/** A file beside the package's own, in Node, or at its address. */
export async function readBinary(url: URL): Promise<BufferSource> {
  // Node's fetch does not read files. Asked for at run time, so that bundles for browsers do without.
  if (url.protocol === 'file:') return Uint8Array.from(process.getBuiltinModule('node:fs').readFileSync(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
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
