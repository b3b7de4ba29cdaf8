import * as tf from '@tensorflow/tfjs-core';

type WasmBackend = tf.KernelBackend & { readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } } };

/** What the memory of the wasm backend has grown to, the most that was ever needed at once. */
export function heapBytes(): number {
  return (tf.backend() as WasmBackend).wasm.asm.memory.buffer.byteLength;
}
