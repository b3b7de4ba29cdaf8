import type { StoredTensor } from '@diptych/core';

/** A safetensors file of float32 arrays. */
export function safetensors(tensors: Iterable<readonly [name: string, tensor: StoredTensor]>): Blob {
  const all = [...tensors];
  let at = 0;
  const header = Object.fromEntries(
    all.map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data_offsets: [at, (at += data.byteLength)] }]),
  );
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer);
  return new Blob([length, text, ...all.map(([, { data }]) => data as Float32Array<ArrayBuffer>)]);
}
